"""Whether an order may be shipped, and what order processing left behind for it."""

from collections.abc import Collection, Iterable
from typing import Any

from handlers.fulfillment.rules.payment_session import Session
from handlers.fulfillment.rules.products import Product, quantities
from handlers.fulfillment.rules.shipment import Shipment
from handlers.fulfillment.rules.shipment_states import Rows
from handlers.orders.rules.errors import InvalidOrder
from handlers.orders.rules.ports import Row
from handlers.orders.rules.states import FAILED, PROCESSED
from handlers.shared.rules.currencies import DIGITS
from handlers.shared.rules.field_names import shown

_DEFAULT_CURRENCY = "USD"
_UNPAID = "PaymentNotReceived"


def require_shippable(order: Row, shipments: Collection[Shipment], standing: Rows) -> None:
    """Accepts an order that is paid, or of which only its session is known.

    Args:
        order: the order's row, empty when there is none.
        shipments: what is to be shipped.
        standing: the shipments' rows as they stand.

    Raises:
        InvalidOrder: the order was refused, cancelled or is not paid yet; or it was fulfilled,
            and this would ship more.
    """
    state = order.get("State", PROCESSED)
    if state == "FULFILLED" and not {each.center for each in shipments} <= standing.keys():
        raise InvalidOrder("the order was fulfilled before, from other fulfillment centres")
    late = state == FAILED and order.get("Reason") == _UNPAID
    if state not in (PROCESSED, "FULFILLED") and not late:
        raise InvalidOrder(f"the order is {state}, so nothing of it is shipped")


def reserved(products: Iterable[Product], reservation: Row | None) -> bool:
    """Whether order processing reserved the products, which then are taken from the reserved.

    A reservation that was given back is none: its products are on hand again.

    Raises:
        InvalidOrder: others are reserved, so taking these would take another order's; or the
            order is not recorded yet, so its reservation may still be given back.
    """
    if reservation is None or reservation["Status"] == "RELEASED":
        return False
    if reservation["Status"] != "COMMITTED":
        raise InvalidOrder("the order is still being processed, so nothing of it is shipped")
    wanted = quantities(products)
    held = {item["itemId"]: item["quantity"] for item in reservation["Items"]}
    if wanted != held:
        names = [name for name in {**wanted, **held} if wanted.get(name) != held.get(name)]
        raise InvalidOrder(
            f"the order reserved another quantity of {', '.join(map(shown, names))} than its"
            " session has; correct the session"
        )
    return True


def summary(session: Session, order: Row) -> dict[str, Any]:
    """What is told of the order: the order's row before the session.

    Without a row the total is the sum of the products, if all their prices are minor units.
    """
    currency = order.get("Currency") or session.currency
    total = order.get("OrderTotal")
    found = {
        "orderId": session.order_id,
        "customerId": order.get("CustomerId") or session.customer_id,
        "orderTotal": _total(session) if total is None else total,
        "currency": currency if currency in DIGITS else _DEFAULT_CURRENCY,
    }
    return {name: value for name, value in found.items() if value is not None}


def _total(session: Session) -> int | None:
    total = 0
    for product in session.products:
        if not isinstance(product.price, int) or product.price < 0:
            return None
        total += product.price * product.quantity
    return total
