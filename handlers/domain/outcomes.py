"""What is told about an order, and which order it may be told of.

An event holds ids, amounts and the reason; no personal data and nothing of the card.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PROCESSED = "PROCESSED"
FAILED = "FAILED"
PENDING = "PENDING"
CANCELLED = "CANCELLED"
FULFILLED = "FULFILLED"

PROCESSING_ERROR = "ProcessingError"
"""The Reason of an order that failed technically."""

# Neither CANCELLED nor FULFILLED: what is unpublished about such a row is that, however late an
# earlier event comes.
_DONE = (PROCESSED, "REFUNDED")
_STATES_TOLD_AS = {
    "OrderRejected": (FAILED,),
    "PaymentFailed": (FAILED,),
    "ShippingFailed": (FAILED,),
    "OrderProcessed": _DONE,
    "OrderConfirmed": _DONE,
    "OrderCancelled": (CANCELLED,),
    "OrderFulfilled": (FULFILLED,),
    "PaymentNotReceived": (FAILED,),
}
_REASONS_TOLD = ("PaymentFailed", "ShippingFailed", "PaymentNotReceived")

REVIEW = "ManualReviewRequired"
"""The type of the event that calls a human."""

OUTCOMES = tuple(_STATES_TOLD_AS)
"""The types of the events that tell an order's outcome."""


@dataclass(frozen=True)
class Event:
    """An event on the bus; `detail` is a JSON object."""

    detail_type: str
    detail: Mapping[str, Any]


def outcome_event(row: Mapping[str, Any]) -> Event | None:
    """What is to be told about a CustomerOrders row; None while it has no outcome."""
    detail_type = outcome(row)
    if detail_type is None:
        return None
    shipped = _shipped(row) if detail_type == "OrderFulfilled" else {}
    return Event(detail_type, {**_detail(row), **shipped})


def event_of_order(row: Mapping[str, Any]) -> Event | None:
    """The event that a CustomerOrders row stands for; None while none may be published."""
    is_open = not {"ClosedAt", "HandedOverAt"} & row.keys()
    if row["State"] in (FAILED, CANCELLED) and is_open:
        return None
    return outcome_event(row)


def event_of_review(row: Mapping[str, Any]) -> Event:
    """The event that a ManualReview row stands for."""
    return review_event(row, row["Step"], row["Cause"])


def outcome(row: Mapping[str, Any]) -> str | None:
    """The type of the event that tells a CustomerOrders row's outcome, if it has one.

    A checkout's outcomes have names of their own; only its row has a CartId.
    """
    if row["State"] == FAILED:
        reason: str = row.get("Reason", "")
        return reason if reason in _REASONS_TOLD else "OrderRejected"
    if row["State"] == CANCELLED:
        return "OrderCancelled"
    if row["State"] == FULFILLED:
        return "OrderFulfilled"
    if row["State"] in _DONE:
        return "OrderConfirmed" if "CartId" in row else "OrderProcessed"
    return None


def is_refused(row: Mapping[str, Any]) -> bool:
    """Whether an order is one that a recovery has to compensate, or has compensated.

    One that was cancelled after it had stood is not: who cancelled it gave back what it took.
    """
    return row["State"] == FAILED or (row["State"] == CANCELLED and "Compensated" in row)


def review_event(row: Mapping[str, Any], step: str, cause: str) -> Event:
    """The call for a human to look at an order.

    Args:
        row: the order's row; one with only an OrderId will do.
        step: what failed, which with the order's id is the key of the review.
        cause: why, a sentence.
    """
    return Event(REVIEW, {**_detail(row), "step": step, "cause": cause})


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


def _shipped(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is on its way, and from when on it is there; not where to."""
    shipments = [
        {
            "fulfillmentCenterId": shipment["fulfillmentCenterId"],
            "arrivalDate": shipment["arrivalDate"],
            "products": [_told_product(product) for product in shipment["products"]],
        }
        for shipment in row.get("Shipments", ())
    ]
    return {"arrivalDate": row.get("ArrivalDate", ""), "shipments": shipments}


def _told_product(product: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: product.get(name) for name in ("id", "name", "quantity")}
    return {name: value for name, value in told.items() if value is not None}
