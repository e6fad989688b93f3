"""Which adapters the functions work with, built from their settings at the first use."""

from functools import cache

from handlers.adapters.aws import client
from handlers.adapters.executions import Executions
from handlers.adapters.gateways import payment_gateway
from handlers.adapters.orders import Orders
from handlers.adapters.reviews import Reviews
from handlers.adapters.stock import Stock
from handlers.domain.payments import PaymentGateway
from handlers.settings import OrdersSettings, PaymentSettings, ReviewSettings, StockSettings, parse


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
def executions() -> Executions:
    """The executions of state machines."""
    return Executions(client("stepfunctions"))


@cache
def reviews() -> Reviews:
    """What humans must look at."""
    return Reviews(client("dynamodb"), parse(ReviewSettings).manual_review_table)
