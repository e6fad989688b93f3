"""The adapter that several functions share: the reserved stock."""

from functools import cache

from handlers.shared.adapters.clients import client
from handlers.shared.environment import variable
from handlers.stock.adapters.reservations import Stock


@cache
def reservations() -> Stock:
    """Build the reservations, and the inventory that they take from."""
    return Stock(client("dynamodb"), variable("RESERVATIONS_TABLE"), variable("INVENTORY_TABLE"))
