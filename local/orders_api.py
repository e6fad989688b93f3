"""What a customer of a running orders API does: places an order, and looks at it until decided."""

import http.client
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from local.command_error import CommandError
from local.http_api import Answer, HttpApi
from local.terminal import Say

_PATIENCE_SECONDS = 120.0
_POLL_SECONDS = 0.5
_OF_AN_ORDER = {"orderId", "state"}


class NotPlaced(CommandError, ValueError):
    """An order that was refused, or cannot be asked for; one sentence says why."""

    exit_code = 2


class BadOrder(NotPlaced):
    """An order that was refused for what stands in it."""


class Unanswered(CommandError, RuntimeError):
    """An API that did not answer, or not as the orders' API does; one sentence says how."""


def place_order(api: HttpApi, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """Place an order, and return what the API says of it: its `orderId` and `state`.

    Raises:
        NotPlaced: the API refused it; why, in its own words. BadOrder, if for what it asks.
        Unanswered: nobody answers there, or with an error of its own.
    """
    return _order(api, _send(api, "POST", "/orders", body, headers), HTTPStatus.ACCEPTED)


def decided(api: HttpApi, order_id: str, say: Say) -> dict[str, Any]:
    """The order once it is PENDING no more; an API that is busy meanwhile is asked again.

    Raises:
        NotPlaced: the order may not be seen.
        Unanswered: nobody answers there, or the order was still PENDING after 120 s.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = _send(api, "GET", f"/orders/{order_id}")
        if not _is_busy(answer):
            order = _order(api, answer, HTTPStatus.OK)
            say(f"Order {order_id} is {order['state']}")
            if order["state"] != "PENDING":
                return order
        time.sleep(_POLL_SECONDS)
    raise Unanswered(f"the order {order_id} was not decided within {_PATIENCE_SECONDS:.0f} s")


def _send(api: HttpApi, method: str, path: str, *content: Any) -> Answer:
    try:
        return api.send(method, path, *content)
    except (OSError, http.client.HTTPException) as error:
        why = str(getattr(error, "reason", None) or error).strip()
        raise Unanswered(f"nobody answers {method} {api.url}{path}: {why}") from error


def _is_busy(answer: Answer) -> bool:
    status = answer.status
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _order(api: HttpApi, answer: Answer, status: HTTPStatus) -> dict[str, Any]:
    if HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        kind = BadOrder if answer.status == HTTPStatus.BAD_REQUEST else NotPlaced
        raise kind(f"refused with {answer.status}: {answer.why}")
    order = answer.document
    if answer.status != status or not isinstance(order, dict) or not order.keys() >= _OF_AN_ORDER:
        raise Unanswered(f"{api.url} answered {answer.status}: {answer.why}")
    return order
