"""Requests of our own beside AWS's, `POST /_local/<name>`: `_ROUTES` lists the names.

All take and answer JSON, are for the process that started the cloud, and are not authenticated:
the server listens on loopback only.
"""

import json
from collections.abc import Callable
from typing import Any

from local.emulator import (
    clock,
    faults,
    hurrying,
    ministack_mends,
    moto_mends,
    queue_depths,
    used_permissions,
)

_PREFIX = "/_local/"


def _set_faults(document: Any) -> dict[str, Any]:
    faults.replace(document)
    return {}


def _hurry(document: Any) -> dict[str, Any]:
    hurrying.hurry(str(document["execution"]))
    return {}


def _set_clock(document: Any) -> dict[str, Any]:
    """Waits that begin from now on pass `scale` times faster than real time."""
    if not (scale := float(document["scale"])) > 0:
        raise ValueError(f"A clock's scale is above 0, not {scale:g}.")
    clock.scale(scale)
    return {}


def _busy_queues(document: Any) -> dict[str, Any]:
    """Those of some queues, by URL, that hold messages now."""
    return {"busy": queue_depths.busy(document["queues"])}


def _set_mends(document: Any) -> dict[str, Any]:
    """Take back the mends named in `without`, have every other in force; answers all names."""
    without = frozenset(document["without"])
    books = (moto_mends.MENDS, ministack_mends.MENDS)
    known = frozenset[str]().union(*(book.names for book in books))
    if not without <= known:
        raise ValueError(f"There is no mend named {', '.join(sorted(without - known))}.")
    for book in books:
        book.apply(without=without)
    return {"mends": sorted(known)}


def _permissions(document: Any) -> dict[str, Any]:
    """What roles have used since recording began, which it does anew if asked to."""
    if document.get("record"):
        used_permissions.record()
    return {"used": used_permissions.used()}


_ROUTES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "clock": _set_clock,
    "faults": _set_faults,
    "hurry": _hurry,
    "mends": _set_mends,
    "permissions": _permissions,
    "queues": _busy_queues,
}


def around(application: Any) -> Any:
    """The ASGI application with these requests answered before it sees them."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and path.startswith(_PREFIX):
            status, answer = _answer(path.removeprefix(_PREFIX), await _body(receive))
            await _reply(send, status, answer)
        else:
            await application(scope, receive, send)

    return wrapped


def _answer(route: str, body: bytes) -> tuple[int, dict[str, Any]]:
    if route not in _ROUTES:
        return 404, {"error": f"No such control: {route}."}
    try:
        return 200, _ROUTES[route](json.loads(body))
    except (ValueError, KeyError, TypeError) as error:
        return 400, {"error": str(error)}


async def _body(receive: Any) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def _reply(send: Any, status: int, answer: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
