"""Customers who cancel an order before it is paid.

`CancelRequested` on a PENDING row asks the order's machine not to take the money. The machine,
or the reconciler when the machine is gone, makes the order CANCELLED.
"""

from collections.abc import Mapping
from typing import Any

from handlers.orders.rules.errors import InvalidOrder, OrderCancelled
from handlers.orders.rules.states import CANCELLED, PENDING

REASON = OrderCancelled.__name__
CAUSE = "the customer cancelled the order"


def is_cancel_requested(order: Mapping[str, Any]) -> bool:
    """Whether the customer cancelled an order of which nothing else is decided."""
    return order.get("State") == PENDING and order.get("CancelRequested") is True


def require_as_accepted(order: Mapping[str, Any], amount: int, currency: str) -> None:
    """Refuses to take another amount than the order was accepted with, or a checkout's.

    Args:
        order: its row; empty when it has none.
        amount: what is to be taken, in minor units.
        currency: of the amount.

    Raises:
        InvalidOrder: the execution was started with another order than its name says.
    """
    accepted = (order.get("OrderTotal", amount), order.get("Currency", currency))
    if "CartId" in order or accepted != (amount, currency):
        raise InvalidOrder("the execution's order is not the one that was accepted under this id")


def require_not_cancelled(order: Mapping[str, Any]) -> None:
    """Refuses to go on with an order that was cancelled.

    Args:
        order: its row; empty when it has none.

    Raises:
        OrderCancelled: the customer asked for it, or it was recorded.
    """
    if is_cancel_requested(order) or order.get("State") == CANCELLED:
        raise OrderCancelled(CAUSE)
