"""Events about orders and reviews: each is one change of a row, and is built from the row alone.

An event holds ids, amounts and the reason; no personal data, nothing of the card, and of a
technical error only support gets the cause. Delivery is at least once, and two tables' events come
in any order: `eventId` is the same for every copy, `sequence` grows with an order's State, so that
a subscriber who cannot read rows can drop what is old, and `occurredAt` is when the row changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.orders.rules.states import (
    CANCELLED,
    FAILED,
    FULFILLED,
    PROCESSED,
    PROCESSING_ERROR,
    UNDONE,
    is_over,
)

REVIEW = "ManualReviewRequired"
"""The type of the event that alerts support."""

_REASONS_AS_EVENTS = ("PaymentFailed", "ShippingFailed", "PaymentNotReceived")
_SEQUENCE = {"PENDING": 0, PROCESSED: 1, FAILED: 1, FULFILLED: 2, CANCELLED: 3, "REFUNDED": 3}

_TRUE_AT: Mapping[str, tuple[str, ...]] = {
    "OrderProcessed": (PROCESSED, FULFILLED),
    "OrderConfirmed": (PROCESSED, FULFILLED),
    "OrderRejected": (FAILED,),
    "PaymentFailed": (FAILED,),
    "ShippingFailed": (FAILED,),
    "PaymentNotReceived": (FAILED,),
    "OrderCancelled": (CANCELLED,),
    "OrderFulfilled": (FULFILLED,),
}
"""The States of a row that an event of a type does not contradict."""

OUTCOMES = tuple(_TRUE_AT)
"""The types of the events about an order's outcome."""


@dataclass(frozen=True)
class Event:
    """An event on the bus; `detail` is a JSON object."""

    detail_type: str
    detail: Mapping[str, Any]


def event_of_change(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> Event | None:
    """The event of a CustomerOrders row's change, if the change is one to publish.

    Args:
        old: the row before; None where there was none.
        new: the row after.
    """
    before = old or {}
    if new["State"] in UNDONE:
        published = is_over(new) and not (before.get("State") == new["State"] and is_over(before))
    else:
        published = before.get("State") != new["State"]
    return event_of_order(new) if published else None


def event_of_order(row: Mapping[str, Any]) -> Event | None:
    """The event about a CustomerOrders row as it stands; None while it has no outcome."""
    detail_type = outcome(row)
    if detail_type is None or (row["State"] in UNDONE and not is_over(row)):
        return None
    shipped = _shipped(row) if detail_type == "OrderFulfilled" else {}
    known = {
        **_known(row),
        "orderTotal": row.get("OrderTotal"),
        "currency": row.get("Currency"),
        "eventId": f"{row['OrderId']}:{row['State']}",
        "sequence": _SEQUENCE[row["State"]],
        "occurredAt": _occurred_at(row),
    }
    return Event(detail_type, {**_given(known), **shipped})


def event_of_review(row: Mapping[str, Any]) -> Event:
    """The event about a ManualReview row."""
    known = {
        **_known(row),
        "cause": row["Cause"],
        "step": row["Step"],
        "executionArn": row["ExecutionArn"],
        "eventId": f"{row['OrderId']}:{row['ReviewId']}",
        "occurredAt": row["CreatedAt"],
    }
    return Event(REVIEW, _given(known))


def _occurred_at(row: Mapping[str, Any]) -> str | None:
    """When an outcome came about: of an undone order, when it was over."""
    if row["State"] in UNDONE:
        return min(str(row[name]) for name in ("ClosedAt", "HandedOverAt") if name in row)
    return row.get("UpdatedAt")


def outcome(row: Mapping[str, Any]) -> str | None:
    """The type of the event about a CustomerOrders row, if its State is an outcome.

    A checkout's outcomes have names of their own; only its row has a CartId.
    """
    if row["State"] == FAILED:
        reason: str = row.get("Reason", "")
        return reason if reason in _REASONS_AS_EVENTS else "OrderRejected"
    if row["State"] == PROCESSED:
        return "OrderConfirmed" if "CartId" in row else "OrderProcessed"
    return {CANCELLED: "OrderCancelled", FULFILLED: "OrderFulfilled"}.get(row["State"])


def agrees(detail_type: str, row: Mapping[str, Any]) -> bool:
    """Whether an order's row, read now, does not contradict an event about it."""
    states = _TRUE_AT.get(detail_type, ())
    return row.get("State") in states and (row["State"] != FAILED or outcome(row) == detail_type)


def later_than(detail_type: str) -> tuple[str, ...]:
    """The types of the events that can only follow one of a type, never come before it."""
    ranks = {name: min(_SEQUENCE[state] for state in states) for name, states in _TRUE_AT.items()}
    return tuple(name for name in OUTCOMES if ranks[name] > ranks[detail_type])


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "orderId": row["OrderId"],
        "customerId": row.get("CustomerId"),
        "reason": row.get("Reason", ""),
        "cause": None if row.get("Reason") == PROCESSING_ERROR else row.get("Cause"),
    }


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _shipped(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is on its way, and from when on it is there; not where to."""
    shipments = [
        {
            "fulfillmentCenterId": shipment["fulfillmentCenterId"],
            "arrivalDate": shipment["arrivalDate"],
            "products": [_product(product) for product in shipment["products"]],
        }
        for shipment in row.get("Shipments", ())
    ]
    return {"arrivalDate": row.get("ArrivalDate", ""), "shipments": shipments}


def _product(product: Mapping[str, Any]) -> dict[str, Any]:
    return _given({name: product.get(name) for name in ("id", "name", "quantity")})
