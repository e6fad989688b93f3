"""POST /orders/{orderId}/cancel: cancels an order that nobody has begun to ship."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import intake_wiring
from handlers.callers import Caller
from handlers.domain.cancellation import Cancelled
from handlers.domain.states import CANCELLED, PENDING
from handlers.http_events import HttpRequest, respond
from handlers.http_functions import answered
from handlers.observability import entry_point, logger
from handlers.visible_orders import visible_order

MAX_BYTES = 1024


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answers 202 when the order's machine will cancel it, 200 when it is cancelled."""
    return answered(event, MAX_BYTES, _cancel)


def _cancel(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    row = visible_order(request, caller)
    order_id = row["OrderId"]
    cancelled = intake_wiring.canceller().cancel(row)
    logger.info("cancellation", extra={"cancelled": cancelled.name})
    if cancelled is Cancelled.REQUESTED:
        return respond(HTTPStatus.ACCEPTED, {"orderId": order_id, "state": PENDING})
    if cancelled is Cancelled.DECIDED:
        _give_back(order_id)
    return respond(HTTPStatus.OK, {"orderId": order_id, "state": CANCELLED})


def _give_back(order_id: str) -> None:
    """The order is cancelled whatever happens here: the sweeper finishes what was begun."""
    try:
        intake_wiring.canceller().give_back(order_id)
    except Exception as error:
        why = type(error).__name__
        logger.error("cancellation left to the sweeper to finish", extra={"error": why})
