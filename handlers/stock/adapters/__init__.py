"""AWS services as stock uses them."""
