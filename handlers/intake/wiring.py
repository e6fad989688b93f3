"""Adapters that functions of intake share with those that help waiting orders."""

from functools import cache

from handlers.intake.adapters.order_machine import Machine
from handlers.intake.adapters.pending_order_rows import PendingOrders
from handlers.intake.adapters.purchase_queue import PurchaseQueue
from handlers.shared.adapters.clients import client
from handlers.shared.environment import variable


@cache
def pending_order_rows() -> PendingOrders:
    """Build the orders that wait for their machine."""
    return PendingOrders(client("dynamodb"), variable("ORDERS_TABLE"))


@cache
def purchase_queue() -> PurchaseQueue:
    """Build the queue of orders to start."""
    return PurchaseQueue(client("sqs"), variable("PURCHASE_QUEUE_URL"))


@cache
def order_machine() -> Machine:
    """Build order processing's state machine."""
    return Machine(client("stepfunctions"), variable("ORDER_STATE_MACHINE_ARN"))
