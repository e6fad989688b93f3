"""Finishes orders whose executions ended without closing them."""
