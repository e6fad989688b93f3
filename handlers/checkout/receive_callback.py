"""Receives the callbacks of the outside services over HTTP."""

import time
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.checkout import wiring
from handlers.checkout.adapters.callback_secret import callback_secret
from handlers.checkout.rules.answers import Step, word_about
from handlers.checkout.rules.callback_receiver import Outcome, Receiving
from handlers.checkout.rules.errors import BadSignature
from handlers.checkout.rules.late_payments import Refunds
from handlers.checkout.rules.signatures import verify
from handlers.orders import wiring as orders_wiring
from handlers.orders.rules.order_ids import parse_order_id
from handlers.payments import wiring as payments_wiring
from handlers.shared.adapters import transient
from handlers.shared.environment import variable
from handlers.shared.http import HttpRequest, Refused, parse_request, problem, respond
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.clock import utc_now
from handlers.shared.rules.errors import BadInput, ServiceUnavailable, TableContended
from handlers.shared.rules.field_errors import FieldErrors
from handlers.shared.rules.fields import text
from handlers.shared.rules.json_object import Reader
from handlers.shared.rules.json_text import loads

MAX_BYTES = 4096

_PASSING = (ServiceUnavailable, TableContended)
_STEPS = {f"POST /callbacks/{step}": step for step in Step}
_RECEIVED: Mapping[Outcome, tuple[HTTPStatus, str]] = {
    Outcome.ACCEPTED: (HTTPStatus.OK, "accepted"),
    Outcome.REPEATED: (HTTPStatus.OK, "repeated"),
    Outcome.NOTED: (HTTPStatus.OK, "noted"),
    Outcome.KEPT: (HTTPStatus.ACCEPTED, "kept"),
}
_REFUSED: Mapping[Outcome, tuple[HTTPStatus, str]] = {
    Outcome.UNKNOWN_ORDER: (HTTPStatus.NOT_FOUND, "there is no such order"),
    Outcome.CONTRADICTS: (HTTPStatus.CONFLICT, "another answer was given before"),
    Outcome.LATE: (HTTPStatus.CONFLICT, "nobody waits for this answer any more"),
    Outcome.UNDECIDED: (HTTPStatus.SERVICE_UNAVAILABLE, "the order is changing; call back again"),
}


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes a POST of `{orderId, status}` with its signature; answers JSON or a problem."""
    try:
        with transient.named():
            outcome = _receive(parse_request(event, MAX_BYTES))
    except _PASSING as error:
        logger.error("callback not handled", extra={"error": type(error).__name__})
        return problem(Refused(HTTPStatus.SERVICE_UNAVAILABLE, "please call back again"))
    except Refused as refused:
        logger.warning("callback refused", extra={"status": int(refused.status)})
        return problem(refused)
    logger.info("callback received", extra={"outcome": outcome.name})
    if outcome in _REFUSED:
        return problem(Refused(*_REFUSED[outcome]))
    status, word = _RECEIVED[outcome]
    return respond(status, {"outcome": word})


def _receive(request: HttpRequest) -> Outcome:
    if request.route not in _STEPS:
        raise Refused(HTTPStatus.NOT_FOUND, "there is no such route")
    _require_signature(request)
    step = _STEPS[request.route]
    order_id, word = _document(request.body, step)
    about(order_id)
    return callback_receiver().receive(step, order_id, word)


def _require_signature(request: HttpRequest) -> None:
    timestamp = request.headers.get("x-orders-timestamp", "")
    signature = request.headers.get("x-orders-signature", "")
    try:
        secret = callback_secret(variable("CALLBACK_SECRET_ARN"))
        verify(secret, timestamp, signature, request.body, utc_now())
    except BadSignature as error:
        raise Refused(HTTPStatus.UNAUTHORIZED, str(error)) from None


def _document(body: bytes, step: Step) -> tuple[str, str]:
    """The order's id and the status word."""
    try:
        return _read(Reader.of(loads(body), "the callback"), step)
    except BadInput as error:
        raise Refused(HTTPStatus.BAD_REQUEST, str(error), error.errors) from None


def _read(callback: Reader, step: Step) -> tuple[str, str]:
    wrong = FieldErrors()
    wrong.read(lambda: callback.require_known(("orderId", "status")))
    order_id = wrong.read(lambda: parse_order_id(callback.fields.get("orderId")))
    word = wrong.read(lambda: word_about(step, text(callback.fields, "status")))
    wrong.raise_any()
    return order_id(), word()


@cache
def callback_receiver() -> Receiving:
    """Build what handles a callback."""
    refunds = Refunds(payments_wiring.cancellation(), orders_wiring.reviews())
    callbacks, tasks = wiring.pending_callbacks(), wiring.waiting_tasks()
    return Receiving(orders_wiring.order_rows(), callbacks, tasks, refunds, time.sleep)
