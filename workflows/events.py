"""Telling on the bus what became of an order: ids, amounts and reasons, no personal data."""

from collections.abc import Mapping
from typing import Any

from asl import call, retry
from workflows.expressions import jsonata
from workflows.unanswered import CALL


def publish(bus: str, detail_type: str, detail: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A Task that puts one event about `$order` on the bus.

    Args:
        bus: the event bus's name.
        detail_type: the outcome, such as OrderProcessed.
        detail: what the event says beside the order's and the customer's id and the total.
        fields: further fields of the state, in the language's own spelling.
    """
    order = {
        "orderId": jsonata("$order.orderId"),
        "customerId": jsonata("$order.customerId"),
        "orderTotal": jsonata("$order.orderTotal"),
        "currency": jsonata("$order.currency"),
    }
    return put_event(bus, detail_type, {**order, **detail}, **fields)


def put_event(
    bus: str, detail_type: str, detail: Mapping[str, Any], **fields: Any
) -> dict[str, Any]:
    """A Task that puts one event on the bus, and once more when no answer came (`unanswered`)."""
    entry = {
        "EventBusName": bus,
        "Source": "orders",
        "DetailType": detail_type,
        "Detail": dict(detail),
    }
    state = call("events:putEvents", {"Entries": [entry]}, **fields)
    return {**state, "Retry": [*state["Retry"], retry(CALL, MaxAttempts=1)]}
