"""AWS services as payments uses them."""
