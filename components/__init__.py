"""Reusable Pulumi components, and the order systems assembled from them."""
