"""Whether so many callers wait for an HTTP API that whatever nobody waits for should wait as well.

On AWS neither takes anything from the other; here they share a few processors.
"""

import contextlib
import time
from collections.abc import Iterator

from local.emulator.python_functions import MOST_ENVIRONMENTS

_PATIENCE_SECONDS = 60.0  # a crowd that never ends does not hold the queues up for ever
_callers = 0
_since = 0.0


@contextlib.contextmanager
def calling() -> Iterator[None]:
    """A caller waits meanwhile. Entered and left by the server's event loop only."""
    global _callers, _since
    _callers += 1
    if _callers == MOST_ENVIRONMENTS + 1:
        _since = time.monotonic()
    try:
        yield
    finally:
        _callers -= 1


def waits() -> bool:
    """Whether more callers wait than are served at once, and have not for long."""
    return _callers > MOST_ENVIRONMENTS and time.monotonic() - _since < _PATIENCE_SECONDS
