"""Fulfillment: a paid order goes to its centres."""
