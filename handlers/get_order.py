"""GET /orders/{orderId}: how an order stands."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.callers import Caller
from handlers.domain.order_view import view
from handlers.http_events import HttpRequest, respond
from handlers.http_functions import answered
from handlers.observability import entry_point
from handlers.visible_orders import visible_order

MAX_BYTES = 1024


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answers 200 with the order, 404 also for an order of another customer's."""
    return answered(event, MAX_BYTES, _get)


def _get(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    return respond(HTTPStatus.OK, view(visible_order(request, caller)))
