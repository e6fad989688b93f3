"""Adapters that functions of a checkout share, and what gives back everything an order holds."""

from functools import cache

from handlers.checkout.adapters.cart_rows import Carts, CheckoutTables
from handlers.checkout.adapters.pending_callbacks import PendingCallbacks
from handlers.checkout.adapters.waiting_tasks import Tasks
from handlers.checkout.rules.attempts import Attempts
from handlers.orders import wiring as orders_wiring
from handlers.orders.rules.compensation import Checkouts, Compensator
from handlers.payments import wiring as payments_wiring
from handlers.shared.adapters import transient
from handlers.shared.adapters.clients import client
from handlers.shared.environment import seconds, variable
from handlers.stock import wiring as stock_wiring


@cache
def carts() -> Carts:
    """Build the carts and their first transaction."""
    tables = CheckoutTables(
        carts=variable("CARTS_TABLE"),
        orders=variable("ORDERS_TABLE"),
        reservations=variable("RESERVATIONS_TABLE"),
        inventory=variable("INVENTORY_TABLE"),
    )
    return Carts(client("dynamodb"), tables, seconds("CHECKOUT_SECONDS"))


@cache
def attempts() -> Attempts:
    """Build the carts' attempts."""
    return Attempts(carts(), orders_wiring.order_rows())


@cache
def pending_callbacks() -> PendingCallbacks:
    """Build the callbacks that tasks wait for."""
    table = variable("PENDING_CALLBACKS_TABLE")
    return PendingCallbacks(client("dynamodb"), table, seconds("CHECKOUT_SECONDS"))


@cache
def waiting_tasks() -> Tasks:
    """Build the tasks that wait for a callback."""
    return Tasks(client("stepfunctions"))


@cache
def compensator() -> Compensator:
    """Build what gives back everything that an order holds, whichever machine made it."""
    checkouts = Checkouts(pending_callbacks(), payments_wiring.cancellation(), carts())
    gateway, stock = payments_wiring.gateway(), stock_wiring.reservations()
    return Compensator(gateway, checkouts, stock, transient.passes)
