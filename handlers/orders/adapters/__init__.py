"""AWS services as orders uses them."""
