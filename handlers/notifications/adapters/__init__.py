"""AWS services as notifications uses them."""
