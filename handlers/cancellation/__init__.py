"""The customer's wish not to have an order."""
