"""Which adapters the functions of purchase intake work with, built at the first use."""

from functools import cache
from uuid import uuid4

from handlers import checkout_wiring, wiring
from handlers.adapters.aws import client
from handlers.adapters.cancellations import Cancellations
from handlers.adapters.cancelled_stock import CancelledStock
from handlers.adapters.catalogue import Catalogue
from handlers.adapters.keyed_orders import KeyedOrders
from handlers.adapters.machine import Machine
from handlers.adapters.order_history import OrderHistory
from handlers.adapters.pending_orders import PendingOrders
from handlers.adapters.purchase_queue import PurchaseQueue
from handlers.domain.cancellation import Cancelling
from handlers.domain.clock import utc_now
from handlers.domain.follow_up import CancelledFollowUp, CheckoutFollowUp, PlacedFollowUp
from handlers.domain.intake import Intake
from handlers.domain.order_pages import OrderPages
from handlers.domain.payments import Voided
from handlers.domain.ports import Row
from handlers.domain.starting import Starting
from handlers.domain.sweeping import Humans, Sweeping
from handlers.domain.telling import Telling
from handlers.intake_settings import (
    CatalogueSettings,
    KeySettings,
    MachineSettings,
    QueueSettings,
    SessionSettings,
)
from handlers.settings import OrdersSettings, PatienceSettings, parse


@cache
def orders() -> PendingOrders:
    """The orders that wait."""
    return PendingOrders(client("dynamodb"), parse(OrdersSettings).orders_table)


@cache
def queue() -> PurchaseQueue:
    """The queue of orders to start."""
    return PurchaseQueue(client("sqs"), parse(QueueSettings).purchase_queue_url)


@cache
def machine() -> Machine:
    """Order processing's state machine."""
    return Machine(client("stepfunctions"), parse(MachineSettings).order_state_machine_arn)


@cache
def order_pages() -> OrderPages:
    """The customers' orders page by page."""
    table = parse(OrdersSettings).orders_table
    return OrderPages(orders(), OrderHistory(client("dynamodb"), table))


@cache
def intake() -> Intake:
    """What takes orders in."""
    return Intake(
        orders=orders(),
        keyed=KeyedOrders(orders(), parse(KeySettings).idempotency_table),
        queue=queue(),
        catalogue=Catalogue(client("dynamodb"), parse(CatalogueSettings).inventory_table),
        vault=wiring.payments(),
        clock=utc_now,
        new_id=lambda: str(uuid4()),
    )


@cache
def starting() -> Starting:
    """What starts the machine."""
    return Starting(orders(), machine(), wiring.payments(), _telling(), utc_now)


@cache
def cancelling() -> Cancelling:
    """What cancels orders."""
    sessions = parse(SessionSettings).sessions_table
    rows = Cancellations(client("dynamodb"), parse(OrdersSettings).orders_table, sessions)
    stock = CancelledStock(orders(), wiring.stock())
    return Cancelling(orders(), rows, _refund, stock, _telling())


@cache
def sweeping() -> Sweeping:
    """What finds orders that wait for too long."""
    executions = wiring.executions()
    placed = PlacedFollowUp(executions, machine(), queue(), orders(), wiring.recovery(), utc_now)
    patience = parse(PatienceSettings).patience
    checkouts = CheckoutFollowUp(executions, checkout_wiring.recovery(), patience, utc_now)
    cancelled = CancelledFollowUp(executions, machine(), cancelling().give_back)
    humans = Humans(wiring.reviews(), _telling(), utc_now)
    return Sweeping(orders(), placed, checkouts, cancelled, humans)


def _telling() -> Telling:
    return Telling(wiring.orders(), wiring.reviews(), wiring.events())


def _refund(row: Row) -> Voided:
    """Gives money back where it was taken: a checkout's at the outside payment service."""
    if "CartId" in row:
        return checkout_wiring.cancellation().cancel(row["OrderId"])
    return wiring.payments().void(row["OrderId"])
