"""Backpressure: while much goes on, what waits in queues waits a little longer.

Callers of an HTTP API come first, and executions that run come before those that do not yet. On
AWS none takes anything from the other; here they share a few processors.
"""

import contextlib
import time
from collections.abc import Iterator

SERVED = 8
"""Callers at once for whom nothing has to wait."""

_PATIENCE_SECONDS = 20.0  # a crowd that does not dissolve holds the queues up for no longer
_APART_SECONDS = 1.0  # callers who come again within this time are the same crowd
_callers = 0
_came = _left = 0.0

_MOST_RUNNING = 32  # executions; more take as long, and up to eight threads each
_STUCK_SECONDS = 1.0  # those that run may wait for what is in a queue, if none has ended for this
_running: set[str] = set()
_ended = 0.0


@contextlib.contextmanager
def calling() -> Iterator[None]:
    """A caller waits meanwhile. Entered and left by the server's event loop only."""
    global _callers, _came, _left
    _callers += 1
    now = time.monotonic()
    if _callers == SERVED + 1 and now - _left > _APART_SECONDS:
        _came = now
    try:
        yield
    finally:
        if _callers > SERVED:
            _left = time.monotonic()
        _callers -= 1


def waits() -> bool:
    """True while more callers wait than are served at once, and have not for long."""
    return _callers > SERVED and time.monotonic() - _came < _PATIENCE_SECONDS


def began(execution: str) -> None:
    """An execution runs."""
    _running.add(execution)


def ended(execution: str) -> None:
    """An execution runs no longer."""
    global _ended
    _running.discard(execution)
    _ended = time.monotonic()


def engine_is_full() -> bool:
    """True while so many executions run, and end, that more would only slow all of them down."""
    return len(_running) > _MOST_RUNNING and time.monotonic() - _ended < _STUCK_SECONDS
