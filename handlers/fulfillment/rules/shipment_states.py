"""The Shipments table: what is known of an order's shipment from one centre.

A row's SendStatus: PLANNED; REQUESTED from the moment on when the centre may hear of it; SENT when
it has; CANCELLED, which ends an attempt. InventoryUpdatedAt says that the stock was taken, which
happens once whatever the attempt. With both, SENT and the stock taken, a shipment is done, and
is never cancelled.

Recall is an earlier attempt that the centre may have heard of, but perhaps not that it was
cancelled; it hears that before it hears of this attempt.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from handlers.fulfillment.rules.shipment import Shipment, documents
from handlers.orders.rules.errors import InvalidOrder
from handlers.orders.rules.ports import Row
from handlers.shared.rules.field_names import shown

PLANNED, REQUESTED, SENT, CANCELLED = "PLANNED", "REQUESTED", "SENT", "CANCELLED"

Rows = Mapping[str, Row]
"""An order's rows by fulfillment centre."""


def first_or_next(shipment: Shipment, standing: Row | None) -> dict[str, Any] | None:
    """The row to write for a planned shipment; None where the standing one serves.

    Args:
        shipment: what is planned; its attempt does not matter.
        standing: the centre's row, if there is one.
    """
    if standing is not None and standing["SendStatus"] != CANCELLED:
        return None
    former = standing or {"Attempt": 0}
    taken = {name: former[name] for name in ("InventoryUpdatedAt",) if name in former}
    recall = unheard_cancellation(former)
    return {
        "OrderId": shipment.order_id,
        "FulfillmentCenterId": shipment.center,
        "Attempt": former["Attempt"] + 1,
        "SendStatus": PLANNED,
        "ArrivalDate": shipment.arrival_date,
        "Products": documents(shipment.products),
        **taken,
        **({} if recall is None else {"Recall": recall}),
    }


def unheard_cancellation(row: Row) -> int | None:
    """The attempt that a cancelled row does not say the centre heard the end of, if there is one.

    It is never more than one: whoever requests an attempt has recalled the earlier one.
    """
    if "CancelSentAt" in row:
        return None
    found: int | None = row["Attempt"] if "RequestedAt" in row else row.get("Recall")
    return found


def is_engaged(row: Row) -> bool:
    """Whether something was done about the row's products, or may be."""
    return row["SendStatus"] != CANCELLED or "InventoryUpdatedAt" in row


def require_same_plan(planned: Mapping[str, Shipment], standing: Rows) -> None:
    """Refuses a plan that differs from what an earlier execution did about the order.

    Raises:
        InvalidOrder: the session was changed meanwhile; stock could be taken twice.
    """
    for center, row in standing.items():
        shipment = planned.get(center)
        products = documents(shipment.products) if shipment else []
        if is_engaged(row) and _pieces(products) != _pieces(row["Products"]):
            raise InvalidOrder(
                f"the products of fulfillment centre {shown(center)} are not those of which the"
                " shipment was begun; restore them in the session"
            )


def _pieces(products: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    return [(product["id"], product["quantity"]) for product in products]
