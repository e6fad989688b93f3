"""Which adapters the functions of a checkout work with, built at the first use."""

import time
from functools import cache

from handlers import wiring
from handlers.adapters import transient
from handlers.adapters.aws import client
from handlers.adapters.carts import Carts, CheckoutTables
from handlers.adapters.pending_callbacks import PendingCallbacks
from handlers.adapters.services import Services, services
from handlers.adapters.tasks import Tasks
from handlers.domain.attempts import Attempts
from handlers.domain.callbacks import Step
from handlers.domain.checkout_failure import CheckoutFailure
from handlers.domain.checkout_reconciliation import CheckoutReconciliation
from handlers.domain.closing import OrderCloser
from handlers.domain.compensation import Checkouts, Compensator
from handlers.domain.receiving import Receiving
from handlers.domain.reconciliation import OrderReconciliation
from handlers.domain.refunds import Refunds
from handlers.domain.payments import PaymentCancellation
from handlers.domain.services import PaymentService, ShippingService
from handlers.settings import (
    CallbackSettings,
    CartSettings,
    OrdersSettings,
    PatienceSettings,
    RequestSettings,
    ServiceSettings,
    StockSettings,
    parse,
)


@cache
def carts() -> Carts:
    """The carts and their first transaction."""
    stock = parse(StockSettings)
    tables = CheckoutTables(
        carts=parse(CartSettings).carts_table,
        orders=parse(OrdersSettings).orders_table,
        reservations=stock.reservations_table,
        inventory=stock.inventory_table,
    )
    return Carts(client("dynamodb"), tables, parse(PatienceSettings).patience)


@cache
def attempts() -> Attempts:
    """The carts' attempts."""
    return Attempts(carts(), wiring.orders())


@cache
def callbacks() -> PendingCallbacks:
    """The callbacks that are waited for."""
    table = parse(CallbackSettings).pending_callbacks_table
    return PendingCallbacks(client("dynamodb"), table, parse(PatienceSettings).patience)


@cache
def tasks() -> Tasks:
    """The tasks that wait."""
    return Tasks(client("stepfunctions"))


@cache
def payment_service() -> PaymentService:
    """The payment service."""
    return _services().payments(parse(RequestSettings).service_requests_queue_url)


@cache
def shipping_service() -> ShippingService:
    """The shipping service."""
    return _services().shipping(parse(RequestSettings).service_requests_queue_url)


@cache
def cancellation() -> PaymentCancellation:
    """The payment service's way to give money back."""
    return _services().cancellation(wiring.payments())


def callback_url(step: Step) -> str:
    """Where an outside service sends its answer about a step."""
    return f"{parse(RequestSettings).callback_url.rstrip('/')}/callbacks/{step}"


@cache
def compensator() -> Compensator:
    """Everything that an order holds."""
    checkouts = Checkouts(callbacks(), cancellation(), carts())
    return Compensator(wiring.payments(), checkouts, wiring.stock(), transient.passes)


@cache
def failure() -> CheckoutFailure:
    """Everything that a checkout consists of."""
    return CheckoutFailure(wiring.orders(), wiring.reviews(), compensator())


@cache
def closer() -> OrderCloser:
    """What closes refused and cancelled orders."""
    return OrderCloser(wiring.orders(), wiring.reviews(), compensator())


@cache
def order_reconciliation() -> OrderReconciliation:
    """What finishes orders of executions that ended without closing them."""
    return OrderReconciliation(wiring.orders(), wiring.reviews(), closer())


@cache
def reconciliation() -> CheckoutReconciliation:
    """What finishes checkouts from outside."""
    return CheckoutReconciliation(attempts(), order_reconciliation())


@cache
def receiving() -> Receiving:
    """Dependencies for handling a callback."""
    refunds = Refunds(cancellation(), wiring.reviews())
    return Receiving(wiring.orders(), callbacks(), tasks(), refunds, time.sleep)


def _services() -> Services:
    return services(parse(ServiceSettings).outside_services)
