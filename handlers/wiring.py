"""Which adapters the functions work with, built from their settings at the first use."""

from functools import cache

from handlers.adapters.aws import client
from handlers.adapters.events import Events
from handlers.adapters.executions import Executions
from handlers.adapters.gateways import payment_gateway
from handlers.adapters.orders import Orders
from handlers.adapters.reviews import Reviews
from handlers.adapters.stock import Stock
from handlers.domain.conclusion import Conclusion, Finisher
from handlers.domain.order_recovery import Recovery
from handlers.domain.payments import PaymentGateway
from handlers.domain.telling import Telling
from handlers.domain.unnamed_recovery import UnnamedRecovery
from handlers.settings import (
    EventSettings,
    OrdersSettings,
    PaymentSettings,
    ReviewSettings,
    StockSettings,
    parse,
)


@cache
def payments() -> PaymentGateway:
    """The payment gateway."""
    found = parse(PaymentSettings)
    return payment_gateway(found.payment_gateway, found.gateway_table)


@cache
def stock() -> Stock:
    """The reservations and the inventory."""
    found = parse(StockSettings)
    return Stock(client("dynamodb"), found.reservations_table, found.inventory_table)


@cache
def orders() -> Orders:
    """The orders."""
    return Orders(client("dynamodb"), parse(OrdersSettings).orders_table)


@cache
def events() -> Events:
    """The bus."""
    return Events(client("events"), parse(EventSettings).event_bus_name)


@cache
def executions() -> Executions:
    """The executions of state machines."""
    return Executions(client("stepfunctions"))


@cache
def reviews() -> Reviews:
    """What humans must look at."""
    return Reviews(client("dynamodb"), parse(ReviewSettings).manual_review_table)


def conclusion(recovery: Finisher) -> Conclusion:
    """A recovery, and what is said after it."""
    telling = Telling(orders(), reviews(), events())
    return Conclusion(recovery, reviews(), telling, executions())


@cache
def unnamed_recovery() -> UnnamedRecovery:
    """What calls a human for an execution that names no order."""
    return UnnamedRecovery(Telling(orders(), reviews(), events()))


@cache
def recovery() -> Recovery:
    """Everything that an order consists of."""
    return Recovery(orders(), reviews(), payments(), stock(), events())
