"""The rules of orders and payments: pure, no AWS and no third-party code."""
