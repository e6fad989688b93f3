"""Customers who cancel an order before it is paid.

`CancelRequested` on a PENDING row asks the order's machine not to take the money. The machine,
or the reconciler when the machine is gone, makes the order CANCELLED.
"""

from collections.abc import Mapping
from typing import Any

from handlers.domain.errors import OrderCancelled
from handlers.domain.states import CANCELLED, PENDING

REASON = OrderCancelled.__name__
CAUSE = "the customer cancelled the order"


def is_cancel_requested(order: Mapping[str, Any]) -> bool:
    """Whether the customer cancelled an order of which nothing else is decided."""
    return order.get("State") == PENDING and order.get("CancelRequested") is True


def require_not_cancelled(order: Mapping[str, Any]) -> None:
    """Refuses to go on with an order that was cancelled.

    Args:
        order: its row; empty when it has none.

    Raises:
        OrderCancelled: the customer asked for it, or it was recorded.
    """
    if is_cancel_requested(order) or order.get("State") == CANCELLED:
        raise OrderCancelled(CAUSE)
