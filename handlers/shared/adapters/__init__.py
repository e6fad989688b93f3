"""AWS services as shared uses them."""
