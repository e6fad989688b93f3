"""AWS services as checkout uses them."""
