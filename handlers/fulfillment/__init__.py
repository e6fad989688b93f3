"""A paid order goes to its fulfillment centres."""
