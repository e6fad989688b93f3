"""What is told about an order, and which order it may be told of.

An event holds ids, amounts and the reason; no personal data and nothing of the card.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PROCESSED = "PROCESSED"
FAILED = "FAILED"
PENDING = "PENDING"

_STATES_TOLD_AS = {
    "OrderRejected": (FAILED,),
    "OrderProcessed": (PROCESSED, "FULFILLED", "REFUNDED", "CANCELLED"),
}


@dataclass(frozen=True)
class Event:
    """An event on the bus; `detail` is a JSON object."""

    detail_type: str
    detail: Mapping[str, Any]


def outcome_event(row: Mapping[str, Any]) -> Event | None:
    """What is to be told about a CustomerOrders row; None while it has no outcome."""
    for detail_type in _STATES_TOLD_AS:
        if row["State"] in _STATES_TOLD_AS[detail_type]:
            return Event(detail_type, _detail(row))
    return None


def review_event(row: Mapping[str, Any], cause: str) -> Event:
    """The call for a human to look at an order, for the reason that `cause` gives."""
    return Event("ManualReviewRequired", {**_detail(row), "cause": cause})


def states_told_as(detail_type: str) -> tuple[str, ...]:
    """The States of an order about which such an event is true; none for other events."""
    return _STATES_TOLD_AS.get(detail_type, ())


def _detail(row: Mapping[str, Any]) -> dict[str, Any]:
    told = {
        "orderId": row["OrderId"],
        "customerId": row.get("CustomerId"),
        "orderTotal": row.get("OrderTotal"),
        "currency": row.get("Currency"),
        "reason": row.get("Reason", ""),
        "cause": row.get("Cause"),
    }
    return {name: value for name, value in told.items() if value is not None}
