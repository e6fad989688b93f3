"""Whether so many callers wait for an HTTP API that whatever nobody waits for should wait as well.

On AWS neither takes anything from the other; here they share a few processors.
"""

import contextlib
import time
from collections.abc import Iterator

from local.emulator.python_functions import MOST_ENVIRONMENTS

_PATIENCE_SECONDS = 20.0  # a crowd that does not dissolve holds the queues up for no longer
_APART_SECONDS = 1.0  # callers who come again within this time are the same crowd
_callers = 0
_came = _left = 0.0


@contextlib.contextmanager
def calling() -> Iterator[None]:
    """A caller waits meanwhile. Entered and left by the server's event loop only."""
    global _callers, _came, _left
    _callers += 1
    now = time.monotonic()
    if _callers == MOST_ENVIRONMENTS + 1 and now - _left > _APART_SECONDS:
        _came = now
    try:
        yield
    finally:
        if _callers > MOST_ENVIRONMENTS:
            _left = time.monotonic()
        _callers -= 1


def waits() -> bool:
    """Whether more callers wait than are served at once, and have not for long."""
    return _callers > MOST_ENVIRONMENTS and time.monotonic() - _came < _PATIENCE_SECONDS
