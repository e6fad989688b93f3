"""AWS services as intake uses them."""
