"""AWS services as recovery uses them."""
