"""POST /orders: takes an order in, or refuses it naming the field that is wrong."""

from functools import cache
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.intake import wiring
from handlers.intake.adapters.idempotency_keys import KeyedOrders
from handlers.intake.rules.errors import CatalogueDiffers, KeyReused
from handlers.intake.rules.idempotency import parse_key
from handlers.intake.rules.order_placer import Intake, Placed
from handlers.intake.rules.order_request import parse_order
from handlers.payments import wiring as payments_wiring
from handlers.shared.adapters.clients import client
from handlers.shared.callers import Caller
from handlers.shared.environment import variable
from handlers.shared.http import HttpRequest, Refused, respond
from handlers.shared.http_endpoint import Refusals, answered
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.clock import utc_now
from handlers.shared.rules.json_text import MAX_BYTES, loads
from handlers.stock.adapters.catalogue import Catalogue

REFUSALS: Refusals = {
    CatalogueDiffers: HTTPStatus.UNPROCESSABLE_ENTITY,
    KeyReused: HTTPStatus.CONFLICT,
}


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes an order request, best with an `Idempotency-Key`; answers 202 with its Location."""
    return answered(event, MAX_BYTES, _place, REFUSALS)


def _place(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    _require_json(request)
    given = request.headers.get("idempotency-key")
    key = None if given is None else parse_key(given, caller.name)
    order = parse_order(loads(request.body))
    if not caller.acts_for(order.customer_id):
        raise Refused(HTTPStatus.FORBIDDEN, "customerId must be the caller's own")
    placed = order_placer().place(order, key)
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


@cache
def order_placer() -> Intake:
    """Build what takes an order in."""
    orders = wiring.pending_order_rows()
    return Intake(
        orders=orders,
        keyed=KeyedOrders(orders, variable("IDEMPOTENCY_TABLE")),
        queue=wiring.purchase_queue(),
        catalogue=Catalogue(client("dynamodb"), variable("INVENTORY_TABLE")),
        vault=payments_wiring.gateway(),
        clock=utc_now,
        new_id=lambda: str(uuid4()),
    )
