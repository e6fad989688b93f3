"""What API Gateway does around the function of an HTTP API: limits, permission, error answers."""

import json
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import ministack.app as ministack
from ministack.services import apigateway

from local.emulator import service_policies
from local.emulator.service_policies import Sender

LARGEST_BODY = 10 * 1024 * 1024
"""Bytes of a request; AWS's "Quotas for configuring and running an HTTP API"."""

_SERVICE = "apigateway.amazonaws.com"
_TYPES: dict[str, tuple[type, ...]] = {
    "statusCode": (int, str),
    "headers": (dict,),
    "body": (str,),
    "isBase64Encoded": (bool,),
    "cookies": (list,),
}
"""The fields of a function's answer: AWS's "Lambda integrations", response format 2.0."""

Answer = tuple[int, dict[str, str], bytes]

_log = logging.getLogger(__name__)


@dataclass
class _Bucket:
    """The token bucket of a route: `rate` requests a second, `burst` at once."""

    rate: float
    burst: float
    tokens: float
    filled: float = field(default_factory=time.monotonic)

    def takes(self) -> bool:
        now = time.monotonic()
        self.tokens = min(self.burst, self.tokens + (now - self.filled) * self.rate)
        self.filled = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


_buckets: dict[tuple[str, str, str], _Bucket] = {}


def refusal(api_id: str, stage: str, method: str, path: str, body: bytes | None) -> Answer | None:
    """The answer to a request that reaches no function; None if it may go on."""
    if len(body or b"") > LARGEST_BODY:
        return _message(413, "Request Entity Too Large")
    route = apigateway._match_route(api_id, method, f"/{path.lstrip('/')}")
    if route and not _admits(api_id, stage, str(route["routeKey"])):
        return _message(429, "Too Many Requests")
    return None


def is_called(raw_path: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a request, its path as it was sent, is one to an API."""
    host = next((value for name, value in headers if name.lower() == b"host"), b"")
    return ministack._parse_execute_api_url(host.decode("latin-1"), unquote(raw_path)) is not None


def _admits(api_id: str, stage: str, route_key: str) -> bool:
    found = (apigateway._stages.get(api_id) or {}).get(stage) or {}
    routes = found.get("routeSettings") or {}
    limits = {**(found.get("defaultRouteSettings") or {}), **routes.get(route_key, {})}
    rate, burst = limits.get("throttlingRateLimit"), limits.get("throttlingBurstLimit")
    if rate is None or burst is None:
        return True
    place = (api_id, stage, route_key)
    bucket = _buckets.get(place)
    if bucket is None or (bucket.rate, bucket.burst) != (rate, burst):
        bucket = _buckets[place] = _Bucket(rate, burst, tokens=burst)
    return bucket.takes()


def may_invoke(integration: dict[str, Any], api_id: str, stage: str, method: str, key: str) -> bool:
    """Whether the function's policy lets this route of the API invoke it."""
    function = apigateway._extract_lambda_ref_from_integration_uri(integration["integrationUri"])
    verb, _, path = key.partition(" ")
    route = f"{method if verb == 'ANY' else verb}{path}" if path else key
    _, _, _, region, account, *_ = function.split(":")
    source = f"arn:aws:execute-api:{region}:{account}:{api_id}/{stage}/{route}"
    reason = service_policies.refusal(Sender(_SERVICE, source, account), function)
    if reason:
        _log.warning("A request to %s failed: %s.", source, reason)
    return not reason


def failed() -> Answer:
    """What the caller sees of an integration that failed, whatever the reason."""
    return _message(500, "Internal Server Error")


def forbidden() -> Answer:
    """What a caller sees whose signature is wrong or too old, or whom no policy lets in."""
    return _message(403, "Forbidden")


def is_answer(result: dict[str, Any]) -> bool:
    """Whether a function's result can be an HTTP response: no error, no field malformed."""
    if result.get("throttle"):
        return True
    body = result.get("body")
    if result.get("error"):
        return False
    if not isinstance(body, dict) or "statusCode" not in body:
        return True  # any other JSON is the body of a 200
    typed = all(
        isinstance(value, _TYPES[name]) and (name == "isBase64Encoded") == isinstance(value, bool)
        for name, value in body.items()
        if name in _TYPES and value is not None
    )
    return typed and str(body["statusCode"]).isdigit() and 100 <= int(body["statusCode"]) < 600


def _message(status: int, text: str) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps({"message": text}).encode()
