"""Sending a fulfillment centre its part of an order, once for each attempt.

The row says REQUESTED before the centre can hear, so that a cancellation knows whether it must
tell the centre; and SENT afterwards. Between the two a crash leaves nobody knowing, so the request
is sent again under the same idempotency key.
"""

from dataclasses import dataclass, replace
from typing import Protocol

from handlers.fulfillment.rules.center_messages import Centers, cancellation, request
from handlers.fulfillment.rules.encoded_names import label_key
from handlers.fulfillment.rules.errors import ShipmentCancelled
from handlers.fulfillment.rules.labels import Labels, label
from handlers.fulfillment.rules.shipment import Shipment
from handlers.fulfillment.rules.shipment_states import CANCELLED, SENT
from handlers.orders.rules.ports import Row
from handlers.shared.rules.errors import TableContended


class RequestedShipments(Protocol):
    """The Shipments table."""

    def read(self, shipment: Shipment) -> Row | None:
        """The shipment's row, if there is one."""
        ...

    def request(self, shipment: Shipment, label_key: str) -> Row | None:
        """Notes that the centre may hear of the attempt; None when it is SENT or over."""
        ...

    def mark_sent(self, shipment: Shipment) -> Row | None:
        """Notes that the centre was told of the attempt; None when that is over."""
        ...


@dataclass(frozen=True)
class Sending:
    """What sending needs."""

    shipments: RequestedShipments
    labels: Labels
    centers: Centers

    def send(self, shipment: Shipment) -> str:
        """Tells the centre to ship; the key of the label.

        Raises:
            ShipmentCancelled: the attempt was cancelled, and the centre knows.
            ServiceUnavailable: the labels or the queue; the same call again is safe.
            TableContended: other writers were in the way for too long.
        """
        key = label_key(shipment.order_id, shipment.center)
        row = standing(shipment, self.shipments.read(shipment))
        if row["SendStatus"] != SENT:
            self._send(shipment, row, key)
        return key

    def _send(self, shipment: Shipment, row: Row, key: str) -> None:
        self.labels.write(key, label(shipment))
        if "Recall" in row:
            self.centers.send(cancellation(replace(shipment, attempt=row["Recall"])))
        if self.shipments.request(shipment, key) is None:
            self._require_sent(shipment)
            return
        where = {"bucket": self.labels.bucket, "key": key}
        self.centers.send(request(shipment, where))
        if self.shipments.mark_sent(shipment) is None:
            self.centers.send(cancellation(shipment, after_request=True))
            raise _cancelled(shipment)

    def _require_sent(self, shipment: Shipment) -> None:
        """Another execution has changed the row since it was read."""
        row = standing(shipment, self.shipments.read(shipment))
        if row["SendStatus"] != SENT:
            raise TableContended(f"the shipment of order {shipment.order_id} kept changing")


def standing(shipment: Shipment, row: Row | None) -> Row:
    """The row of an attempt that goes on.

    Raises:
        ShipmentCancelled: it does not.
    """
    if row is None or row["Attempt"] != shipment.attempt or row["SendStatus"] == CANCELLED:
        raise _cancelled(shipment)
    return row


def _cancelled(shipment: Shipment) -> ShipmentCancelled:
    return ShipmentCancelled(
        f"attempt {shipment.attempt} to ship order {shipment.order_id} was cancelled;"
        " start the order's next execution"
    )
