"""Planning the shipments of a paid session: which centre ships what, and when it arrives.

A plan that was made once stands, its arrival dates too; planning again finds it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from handlers.fulfillment.rules.arrival import ArrivalDates
from handlers.fulfillment.rules.errors import MissingFulfillmentCenter
from handlers.fulfillment.rules.payment_session import Session
from handlers.fulfillment.rules.record_size import MAX_RECORD_BYTES, record_bytes
from handlers.fulfillment.rules.shipment import Shipment, grouped
from handlers.fulfillment.rules.shipment_states import Rows, require_same_plan
from handlers.fulfillment.rules.shippable import require_shippable, reserved, summary
from handlers.orders.rules.errors import InvalidOrder
from handlers.orders.rules.ports import OrderRows, Row
from handlers.shared.rules.clock import Clock
from handlers.shared.rules.field_names import shown

MAX_GROUPS = 300  # an execution's history ends at 25,000 events, of which a group takes 16 to 50
MAX_BYTES = 128 * 1024  # half of what a state may pass on, so that the groups' results fit too

_MOST_KEYS = 100  # that the catalogue takes at once


class Reservations(Protocol):
    """The Reservations table."""

    def read(self, order_id: str) -> Row | None:
        """The order's reservation, if there is one."""
        ...


class Catalogue(Protocol):
    """The Inventory table."""

    def rows(self, items: list[str]) -> Rows:
        """The rows of up to 100 products, as far as there are any."""
        ...


class PlannedShipments(Protocol):
    """The Shipments table."""

    def of_order(self, order_id: str) -> Rows:
        """An order's rows by centre."""
        ...

    def plan(self, shipments: Sequence[Shipment]) -> Rows:
        """Writes the rows of an order's shipments that have none, or a cancelled one."""
        ...


@dataclass(frozen=True)
class Plan:
    """How an order is shipped; `order` is what the state machine tells of it."""

    order: Mapping[str, Any]
    shipments: Sequence[Shipment]

    def document(self) -> dict[str, Any]:
        """The plan as the state machine works on it; the last shipment completes the order."""
        return {
            "order": dict(self.order),
            "reserved": self.shipments[0].reserved,
            "arrivalDate": max(shipment.arrival_date for shipment in self.shipments),
            "groups": [shipment.document() for shipment in self.shipments],
        }


@dataclass(frozen=True)
class Planning:
    """What planning needs."""

    orders: OrderRows
    reservations: Reservations
    catalogue: Catalogue
    shipments: PlannedShipments
    arrivals: ArrivalDates
    clock: Clock

    def plan(self, session: Session) -> Plan:
        """Plans the shipments of a session, or finds them planned.

        Raises:
            MissingFulfillmentCenter: nobody says where to ship a product from.
            InvalidOrder: the order must not, or cannot, be shipped as the session says.
            TableContended: other writers were in the way for too long.
        """
        order = self.orders.read(session.order_id) or {}
        drafts = self._drafts(session, order)
        standing = self.shipments.of_order(session.order_id)
        require_shippable(order, drafts, standing)
        require_same_plan({draft.center: draft for draft in drafts}, standing)
        rows = self.shipments.plan(drafts)
        return Plan(summary(session, order), [_planned(draft, rows) for draft in drafts])

    def _drafts(self, session: Session, order: Row) -> Sequence[Shipment]:
        today = self.clock().date()
        is_reserved = reserved(session.products, self.reservations.read(session.order_id))
        drafts = [
            Shipment(
                order_id=session.order_id,
                center=center,
                attempt=1,
                reserved=is_reserved,
                products=tuple(products),
                arrival_date=self.arrivals.arrives(center, today).isoformat(),
                customer_id=session.customer_id,
                address=session.address or order.get("Address"),
            )
            for center, products in grouped(self._placed(session)).items()
        ]
        _require_manageable(drafts)
        return drafts

    def _placed(self, session: Session) -> Sequence[tuple[str, Any]]:
        """The products with their centres, the session's word before the catalogue's."""
        asked = list({line.product.id for line in session.lines if line.center is None})
        known: dict[str, Row] = {}
        for start in range(0, len(asked), _MOST_KEYS):
            known |= self.catalogue.rows(asked[start : start + _MOST_KEYS])
        placed = [
            (line.center or known.get(line.product.id, {}).get("FulfillmentCenterId"), line.product)
            for line in session.lines
        ]
        lost = [shown(product.id) for center, product in placed if not center]
        if lost:
            raise MissingFulfillmentCenter(
                f"no fulfillment centre is known for {', '.join(dict.fromkeys(lost))}; name one in"
                " the session or in the product's Inventory row"
            )
        return [(str(center), product) for center, product in placed]


def _require_manageable(drafts: Sequence[Shipment]) -> None:
    size = len(json.dumps([draft.document() for draft in drafts], ensure_ascii=False).encode())
    too_large = size > MAX_BYTES or record_bytes(drafts) > MAX_RECORD_BYTES
    if len(drafts) > MAX_GROUPS or too_large:
        raise InvalidOrder(
            f"Products must be of at most {MAX_GROUPS} fulfillment centres and {MAX_BYTES} bytes"
            f" in all, and {MAX_RECORD_BYTES} in the order's row; split the session"
        )


def _planned(draft: Shipment, rows: Rows) -> Shipment:
    row = rows[draft.center]
    return replace(draft, attempt=row["Attempt"], arrival_date=row["ArrivalDate"])
