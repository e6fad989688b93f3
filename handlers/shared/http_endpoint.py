"""Handle a request behind the HTTP API: name its caller, and answer errors as problems."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from handlers.shared.adapters import transient
from handlers.shared.callers import Caller, caller_of
from handlers.shared.http import HttpRequest, Refused, parse_request, problem
from handlers.shared.observability import logger
from handlers.shared.rules.errors import BadInput, ServiceUnavailable, TableContended

Handle = Callable[[HttpRequest, Caller], dict[str, Any]]

_BUSY = "the request could not be served just now; please send it again"
Refusals = Mapping[type[Exception], HTTPStatus]


def answered(
    event: dict[str, Any], largest: int, handle: Handle, refusals: Refusals
) -> dict[str, Any]:
    """Answer a request, by a problem where it is refused.

    Args:
        event: as the HTTP API sends it.
        largest: how many bytes the body may have.
        handle: answers the caller's request.
        refusals: the errors of `handle` that refuse a request, each with its status; the fields
            that are wrong stand in an error's `errors`, if it has any.

    Raises:
        Exception: an error of ours; the HTTP API answers 500, and the function's alarm goes off.
    """
    try:
        caller = caller_of(event)
        with transient.named():
            return handle(parse_request(event, largest), caller)
    except Exception as error:
        refused = _refused(error, refusals)
        if refused is None:
            raise
        known = {"status": int(refused.status), "error": type(error).__name__}
        logger.warning("request refused", extra=known)
        return problem(refused)


def _refused(error: Exception, refusals: Refusals) -> Refused | None:
    if isinstance(error, Refused):
        return error
    if isinstance(error, ServiceUnavailable | TableContended):
        return Refused(HTTPStatus.SERVICE_UNAVAILABLE, _BUSY)
    if isinstance(error, BadInput):
        return Refused(HTTPStatus.BAD_REQUEST, str(error), error.errors)
    if type(error) in refusals:
        return Refused(refusals[type(error)], str(error), getattr(error, "errors", ()))
    return None
