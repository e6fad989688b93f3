"""Adapters and rules that the reconciler and the sweepers share."""

from functools import cache

from handlers.checkout import wiring as checkout_wiring
from handlers.orders import wiring as orders_wiring
from handlers.orders.rules.order_closer import OrderCloser
from handlers.recovery.adapters.executions import Executions
from handlers.recovery.rules.reconciliation import OrderReconciliation
from handlers.shared.adapters.clients import client


@cache
def executions() -> Executions:
    """Build the executions of state machines."""
    return Executions(client("stepfunctions"))


@cache
def order_closer() -> OrderCloser:
    """Build what closes refused and cancelled orders."""
    orders, reviews = orders_wiring.order_rows(), orders_wiring.reviews()
    return OrderCloser(orders, reviews, checkout_wiring.compensator())


@cache
def order_reconciliation() -> OrderReconciliation:
    """Build what finishes orders of executions that ended without closing them."""
    return OrderReconciliation(orders_wiring.order_rows(), orders_wiring.reviews(), order_closer())
