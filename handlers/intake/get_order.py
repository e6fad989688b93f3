"""GET /orders/{orderId}: how an order stands."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.intake.rules.order_view import view
from handlers.orders.visible_order import REFUSALS, visible_order
from handlers.shared.callers import Caller
from handlers.shared.http import HttpRequest, respond
from handlers.shared.http_endpoint import answered
from handlers.shared.observability import entry_point

MAX_BYTES = 1024


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answers 200 with the order, 404 also for an order of another customer's."""
    return answered(event, MAX_BYTES, _get, REFUSALS)


def _get(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    return respond(HTTPStatus.OK, view(visible_order(request, caller)))
