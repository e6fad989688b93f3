"""AWS services as cancellation uses them."""
