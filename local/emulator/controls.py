"""Requests of our own beside AWS's, `POST /_local/<name>`: `_ROUTES` lists the names.

All take and answer JSON. They are for the process that started the cloud: `callers` refuses whoever
does not bring its token.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from local.emulator import (
    clock,
    endings,
    failed_starts,
    faults,
    holdable,
    holds,
    hurrying,
    lambda_processes,
    ministack_mends,
    moto_mends,
    queue_depths,
    stream_readers,
    used_permissions,
)
from local.emulator.settings import NOT_STARTED_STATUS

_PREFIX = "/_local/"


def _set_faults(document: Any) -> dict[str, Any]:
    faults.replace(document)
    return {}


def _fired(_document: Any) -> dict[str, Any]:
    """How often each of the present faults has struck, in the order given."""
    return {"fired": faults.fired()}


def _hold(document: Any) -> dict[str, Any]:
    """Let the next execution of a machine stand still after the call of a state."""
    holds.hold(*holdable.task(str(document["machine"]), str(document["state"])))
    return {}


async def _await_held(document: Any) -> dict[str, Any]:
    """The execution that stands, of its own or its machine's ARN, null if none does in time."""
    held = await holds.held(str(document["arn"]), float(document["seconds"]))
    return {"execution": held}


def _release(document: Any) -> dict[str, Any]:
    return {"released": holds.release(str(document["arn"]))}


def _hurry(document: Any) -> dict[str, Any]:
    hurrying.hurry(str(document["execution"]))
    return {}


async def _await_end(document: Any) -> dict[str, Any]:
    """Whether an execution has ended, answered when it does or so many seconds later."""
    ended = await endings.await_end(str(document["execution"]), float(document["seconds"]))
    return {"ended": ended}


def _set_clock(document: Any) -> dict[str, Any]:
    """Waits that begin from now on pass `scale` times faster than real time."""
    if not (scale := float(document["scale"])) > 0:
        raise ValueError(f"A clock's scale is above 0, not {scale:g}.")
    clock.scale(scale)
    return {}


def _busy_queues(document: Any) -> dict[str, Any]:
    """Those of some queues, by URL, that hold messages now, and the streams not yet handled.

    Queues first: what a stream's function has sent meanwhile is seen when asked again.
    """
    return {"busy": queue_depths.busy(document["queues"]), "streams": stream_readers.busy()}


def _forget(_document: Any) -> dict[str, Any]:
    """Forget every execution that has ended."""
    endings.forget()
    return {}


def _running(_document: Any) -> dict[str, Any]:
    """The executions that run, by ARN."""
    return {"executions": endings.running()}


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


def _watch(document: Any) -> dict[str, Any]:
    """Watch that these functions, by name, start; forget any that has not."""
    failed_starts.watch([str(function) for function in document["functions"]])
    return {}


def _starts(_document: Any) -> dict[str, Any]:
    """Nothing: an answer says that every function that was called has started."""
    return {}


def _at_once(route: Callable[[Any], dict[str, Any]]) -> Callable[[Any], Awaitable[dict[str, Any]]]:
    async def answered(document: Any) -> dict[str, Any]:
        return route(document)

    return answered


def _crash(document: Any) -> dict[str, Any]:
    """Kill a process of some function: which, `chosen` says, from 0 to below 1."""
    return {"crashed": lambda_processes.crash(float(document["chosen"]))}


_ROUTES: dict[str, Callable[[Any], Awaitable[dict[str, Any]]]] = {
    "clock": _at_once(_set_clock),
    "crash": _at_once(_crash),
    "end": _await_end,
    "faults": _at_once(_set_faults),
    "fired": _at_once(_fired),
    "forget": _at_once(_forget),
    "held": _await_held,
    "hold": _at_once(_hold),
    "hurry": _at_once(_hurry),
    "mends": _at_once(_set_mends),
    "permissions": _at_once(_permissions),
    "queues": _at_once(_busy_queues),
    "release": _at_once(_release),
    "running": _at_once(_running),
    "starts": _at_once(_starts),
    "watch": _at_once(_watch),
}


def around(application: Any) -> Any:
    """The ASGI application with these requests answered before it sees them."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and path.startswith(_PREFIX):
            status, answer = await _answer(path.removeprefix(_PREFIX), await _body(receive))
            await _reply(send, status, answer)
        else:
            await application(scope, receive, send)

    return wrapped


async def _answer(route: str, body: bytes) -> tuple[int, dict[str, Any]]:
    if route not in _ROUTES:
        return 404, {"error": f"No such control: {route}."}
    try:
        answer = await _ROUTES[route](json.loads(body))
    except (ValueError, KeyError, TypeError) as error:
        return 400, {"error": str(error)}
    if sentence := failed_starts.first():
        return NOT_STARTED_STATUS, {"error": sentence}
    return 200, answer


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
