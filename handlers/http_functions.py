"""What the functions behind the HTTP API have in common: the caller, and errors as problems."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from handlers.adapters import transient
from handlers.callers import Caller, caller_of
from handlers.payments.rules.errors import PaymentGatewayUnavailable
from handlers.shared.rules.errors import BadInput, ServiceUnavailable, TableContended
from handlers.domain.errors import UnknownOrder
from handlers.cancellation.rules.errors import NotCancellable
from handlers.domain.intake_errors import CatalogueDiffers, KeyReused
from handlers.http_events import HttpRequest, Refused, parse_request, problem
from handlers.observability import logger

Handle = Callable[[HttpRequest, Caller], dict[str, Any]]

_BUSY = "the request could not be served just now; please send it again"
_REFUSALS: Mapping[type[Exception], Callable[[Any], Refused]] = {
    Refused: lambda refused: refused,
    BadInput: lambda error: Refused(HTTPStatus.BAD_REQUEST, str(error), error.errors),
    CatalogueDiffers: lambda error: Refused(
        HTTPStatus.UNPROCESSABLE_ENTITY, str(error), error.errors
    ),
    UnknownOrder: lambda error: Refused(HTTPStatus.NOT_FOUND, str(error)),
    KeyReused: lambda error: Refused(HTTPStatus.CONFLICT, str(error)),
    NotCancellable: lambda error: Refused(HTTPStatus.CONFLICT, str(error)),
    PaymentGatewayUnavailable: lambda _: Refused(HTTPStatus.SERVICE_UNAVAILABLE, _BUSY),
    ServiceUnavailable: lambda _: Refused(HTTPStatus.SERVICE_UNAVAILABLE, _BUSY),
    TableContended: lambda _: Refused(HTTPStatus.SERVICE_UNAVAILABLE, _BUSY),
}


def answered(event: dict[str, Any], largest: int, handle: Handle) -> dict[str, Any]:
    """The answer to a request, a problem where it is refused.

    Args:
        event: as the HTTP API sends it.
        largest: how many bytes the body may have.
        handle: answers the caller's request.

    Raises:
        Exception: an error of ours; the HTTP API answers 500, and the function's alarm goes off.
    """
    try:
        caller = caller_of(event)
        with transient.named():
            return handle(parse_request(event, largest), caller)
    except tuple(_REFUSALS) as error:
        refused = _REFUSALS[type(error)](error)
        known = {"status": int(refused.status), "error": type(error).__name__}
        logger.warning("request refused", extra=known)
        return problem(refused)
