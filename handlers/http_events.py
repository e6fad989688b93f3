"""Requests and answers of an HTTP API (payload format 2.0), errors as problems (RFC 9457)."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any


class Refused(Exception):
    """A request that is answered by a problem.

    Attributes:
        status: the HTTP status.
        detail: a sentence for whoever sent the request.
    """

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass(frozen=True)
class HttpRequest:
    """A request; `route` is `POST /path`, headers go by their name in lower case."""

    route: str
    headers: Mapping[str, str]
    body: bytes


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
    return HttpRequest(event["routeKey"], headers, body)


def respond(status: HTTPStatus, body: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON answer."""
    return _response(status, "application/json", body)


def problem(refused: Refused) -> dict[str, Any]:
    """The answer to a refused request."""
    document = {
        "type": "about:blank",
        "title": refused.status.phrase,
        "status": int(refused.status),
        "detail": refused.detail,
    }
    return _response(refused.status, "application/problem+json", document)


def _response(status: HTTPStatus, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "statusCode": int(status),
        "headers": {"content-type": kind, "cache-control": "no-store"},
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
