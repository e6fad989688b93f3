"""Checkout: a cart, paid and shipped by services that call back."""
