"""Which adapters the functions of purchase intake work with, built at the first use."""

from functools import cache
from uuid import uuid4

from handlers import checkout_wiring, wiring
from handlers.adapters.aws import client
from handlers.adapters.cancellations import Cancellations
from handlers.adapters.catalogue import Catalogue
from handlers.adapters.keyed_orders import KeyedOrders
from handlers.adapters.machine import Machine
from handlers.adapters.order_history import OrderHistory
from handlers.adapters.pending_orders import PendingOrders
from handlers.adapters.purchase_queue import PurchaseQueue
from handlers.domain.cancellation import OrderCanceller
from handlers.domain.clock import utc_now
from handlers.domain.intake import Intake
from handlers.domain.order_pages import OrderPages
from handlers.domain.starting import Starting
from handlers.domain.waiting_orders import WaitingOrderSweeper
from handlers.intake_settings import (
    CatalogueSettings,
    KeySettings,
    MachineSettings,
    QueueSettings,
    SessionSettings,
)
from handlers.settings import OrdersSettings, parse


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
    return Starting(orders(), machine(), wiring.payments(), utc_now)


@cache
def canceller() -> OrderCanceller:
    """What cancels orders."""
    sessions = parse(SessionSettings).sessions_table
    rows = Cancellations(client("dynamodb"), parse(OrdersSettings).orders_table, sessions)
    return OrderCanceller(orders(), rows, checkout_wiring.closer())


@cache
def order_sweeper() -> WaitingOrderSweeper:
    """What helps orders that have waited for too long."""
    return WaitingOrderSweeper(
        orders=orders(),
        executions=wiring.executions(),
        machine=machine(),
        queue=queue(),
        reconciliation=checkout_wiring.order_reconciliation(),
        closer=checkout_wiring.closer(),
        reviews=wiring.reviews(),
        clock=utc_now,
    )
