"""What a fulfillment centre is told.

The queue delivers a message at least once. A centre ships an idempotency key once, and never one
that was cancelled, even if the cancellation came first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from handlers.fulfillment.rules.encoded_names import (
    deduplication_id,
    idempotency_key,
    message_group,
)
from handlers.fulfillment.rules.shipment import Shipment, documents


@dataclass(frozen=True)
class CenterMessage:
    """A message, with what a FIFO queue orders and deduplicates it by."""

    group: str
    deduplication_id: str
    body: Mapping[str, Any]


class Centers(Protocol):
    """The queue that the centres read."""

    def send(self, message: CenterMessage) -> None:
        """Sends a message.

        Raises:
            ServiceUnavailable: nobody knows whether the queue took it; sending again is safe.
        """
        ...


def request(shipment: Shipment, label: Mapping[str, str]) -> CenterMessage:
    """Asks a centre to ship; `label` is the bucket and key of the label to print."""
    address = {} if shipment.address is None else {"address": shipment.address}
    return _message("ShipmentRequested", shipment, "request", {**address, "label": dict(label)})


def cancellation(shipment: Shipment, *, after_request: bool = False) -> CenterMessage:
    """Tells a centre not to ship an attempt, without what it needs to ship.

    Args:
        shipment: the attempt.
        after_request: whether this comes from who has just requested it, who knows no better
            than to repeat what the queue would otherwise take for a repetition.
    """
    kind = "cancellation after request" if after_request else "cancellation"
    return _message("ShipmentCancelled", shipment, kind, {})


def _message(
    message_type: str, shipment: Shipment, kind: str, more: Mapping[str, Any]
) -> CenterMessage:
    body = {
        "messageType": message_type,
        "idempotencyKey": idempotency_key(shipment),
        "orderId": shipment.order_id,
        "fulfillmentCenterId": shipment.center,
        "customerId": shipment.customer_id,
        "products": documents(shipment.products),
        "arrivalDate": shipment.arrival_date,
        **more,
    }
    return CenterMessage(message_group(shipment), deduplication_id(shipment, kind), body)
