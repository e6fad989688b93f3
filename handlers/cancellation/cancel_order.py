"""POST /orders/{orderId}/cancel: cancels an order that nobody has begun to ship."""

from functools import cache
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.cancellation.adapters.cancellation_rows import Cancellations
from handlers.cancellation.rules.errors import NotCancellable
from handlers.cancellation.rules.order_canceller import Cancelled, OrderCanceller
from handlers.checkout import wiring as checkout_wiring
from handlers.orders import wiring as orders_wiring
from handlers.orders.rules.order_closer import OrderCloser
from handlers.orders.rules.states import CANCELLED, PENDING
from handlers.orders.visible_order import REFUSALS, visible_order
from handlers.shared.adapters.clients import client
from handlers.shared.callers import Caller
from handlers.shared.environment import variable
from handlers.shared.http import HttpRequest, respond
from handlers.shared.http_endpoint import answered
from handlers.shared.observability import entry_point, logger

MAX_BYTES = 1024


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answers 202 when the order's machine will cancel it, 200 when it is cancelled."""
    return answered(event, MAX_BYTES, _cancel, {**REFUSALS, NotCancellable: HTTPStatus.CONFLICT})


def _cancel(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    row = visible_order(request, caller)
    order_id = row["OrderId"]
    cancelled = order_canceller().cancel(row)
    logger.info("cancellation", extra={"cancelled": cancelled.name})
    if cancelled is Cancelled.REQUESTED:
        return respond(HTTPStatus.ACCEPTED, {"orderId": order_id, "state": PENDING})
    if cancelled is Cancelled.DECIDED:
        _give_back(order_id)
    return respond(HTTPStatus.OK, {"orderId": order_id, "state": CANCELLED})


def _give_back(order_id: str) -> None:
    """The order is cancelled whatever happens here: the sweeper finishes what was begun."""
    try:
        order_canceller().give_back(order_id)
    except Exception as error:
        why = type(error).__name__
        logger.error("cancellation left to the sweeper to finish", extra={"error": why})


@cache
def order_canceller() -> OrderCanceller:
    """Build what cancels an order and gives back what it holds."""
    orders, dynamodb = orders_wiring.order_rows(), client("dynamodb")
    rows = Cancellations(dynamodb, variable("ORDERS_TABLE"), variable("SESSIONS_TABLE"))
    closer = OrderCloser(orders, orders_wiring.reviews(), checkout_wiring.compensator())
    return OrderCanceller(orders, rows, closer)
