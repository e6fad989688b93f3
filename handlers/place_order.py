"""POST /orders: takes an order in, or refuses it naming the field that is wrong."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import intake_wiring
from handlers.callers import Caller
from handlers.domain.idempotency import parse_key
from handlers.domain.intake import Placed
from handlers.domain.json_text import MAX_BYTES, loads
from handlers.domain.order import parse_order
from handlers.http_events import HttpRequest, Refused, respond
from handlers.http_functions import answered
from handlers.observability import about, entry_point, logger


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes an order request, best with an `Idempotency-Key`; answers 202 with its Location."""
    return answered(event, MAX_BYTES, _place)


def _place(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    _require_json(request)
    given = request.headers.get("idempotency-key")
    key = None if given is None else parse_key(given, caller.name)
    order = parse_order(loads(request.body))
    if not caller.acts_for(order.customer_id):
        raise Refused(HTTPStatus.FORBIDDEN, "customerId must be the caller's own")
    placed = intake_wiring.intake().place(order, key)
    _log(placed)
    body = {"orderId": placed.order_id, "state": placed.state}
    return respond(HTTPStatus.ACCEPTED, body, location=f"/orders/{placed.order_id}")


def _require_json(request: HttpRequest) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json")


def _log(placed: Placed) -> None:
    about(placed.order_id)
    if placed.unsent is None:
        logger.info("order placed", extra={"state": placed.state})
    else:
        why = type(placed.unsent).__name__
        logger.error("order placed, but left to the sweeper to queue", extra={"error": why})
