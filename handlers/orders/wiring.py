"""Adapters that several functions share: the orders and their reviews."""

from functools import cache

from handlers.orders.adapters.order_rows import Orders
from handlers.orders.adapters.reviews import Reviews
from handlers.shared.adapters.clients import client
from handlers.shared.environment import variable


@cache
def order_rows() -> Orders:
    """Build the orders."""
    return Orders(client("dynamodb"), variable("ORDERS_TABLE"))


@cache
def reviews() -> Reviews:
    """Build the reviews."""
    return Reviews(client("dynamodb"), variable("MANUAL_REVIEW_TABLE"))
