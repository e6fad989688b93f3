"""Telling the outcome of an order on the bus."""

from typing import Any

from asl import call
from workflows.expressions import jsonata


def publish(bus: str, detail_type: str, detail: dict[str, str], **fields: Any) -> dict[str, Any]:
    """A Task that puts one event about `$order` on the bus: no card data, no personal data.

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
    entry = {
        "EventBusName": bus,
        "Source": "orders",
        "DetailType": detail_type,
        "Detail": {**order, **detail},
    }
    return call("events:putEvents", {"Entries": [entry]}, **fields)
