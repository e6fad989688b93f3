"""Requests and answers of an HTTP API (payload format 2.0), errors as problems (RFC 9457)."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from handlers.shared.rules.errors import BadInput

_SOON = {"retry-after": "1"}


class Refused(Exception):
    """A request that is answered by a problem.

    Attributes:
        status: the HTTP status.
        detail: a sentence for whoever sent the request.
        errors: the fields that are wrong, each with what is wrong with it.
    """

    def __init__(self, status: HTTPStatus, detail: str, errors: Iterable[BadInput] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)


@dataclass(frozen=True)
class HttpRequest:
    """A request.

    Attributes:
        route: such as `POST /path`.
        headers: by their name in lower case.
        body: as it was sent.
        path: the variable parts of the path, by name.
        query: the parameters after the path; what is given twice is joined by a comma.
    """

    route: str
    headers: Mapping[str, str]
    body: bytes
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


def parse_request(event: Mapping[str, Any], largest: int) -> HttpRequest:
    """The request in an event.

    Args:
        event: as the HTTP API sends it.
        largest: how many bytes the body may have.

    Raises:
        Refused: the body is too large, or said to be base64 and is not.
    """
    headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
    body = _body(event)
    if len(body) > largest:
        raise Refused(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body must have at most {largest} bytes"
        )
    path, query = event.get("pathParameters") or {}, event.get("queryStringParameters") or {}
    return HttpRequest(event["routeKey"], headers, body, path, query)


def respond(status: HTTPStatus, body: Mapping[str, Any], **headers: str) -> dict[str, Any]:
    """A JSON answer."""
    return _response(status, "application/json", body, headers)


def problem(refused: Refused) -> dict[str, Any]:
    """The answer to a refused request; `errors` is an extension of ours (RFC 9457, 3.2)."""
    errors = [{"field": error.field, "detail": error.why} for error in refused.errors]
    document = {
        "type": "about:blank",
        "title": refused.status.phrase,
        "status": int(refused.status),
        "detail": refused.detail,
        **({"errors": errors} if errors else {}),
    }
    again = _SOON if refused.status is HTTPStatus.SERVICE_UNAVAILABLE else {}
    return _response(refused.status, "application/problem+json", document, again)


def _response(
    status: HTTPStatus, kind: str, body: Mapping[str, Any], headers: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "statusCode": int(status),
        "headers": {"content-type": kind, "cache-control": "no-store", **headers},
        "body": json.dumps(body),
    }


def _body(event: Mapping[str, Any]) -> bytes:
    text = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(text).encode(errors="surrogatepass")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(
            HTTPStatus.BAD_REQUEST, "the body is not base64 as it is said to be"
        ) from None
