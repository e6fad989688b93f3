"""Executions whose wait for an answer is over in a second, however long it was to be.

Whoever plays an outside service knows that no answer will come, or only after the wait. What ends
the wait, timeout or heartbeat, and in which order they would have come, stays as it was.
"""

import threading
import time

_HURRIED_SECONDS = 1.0
_LOOK_SECONDS = 0.1

_executions: set[str] = set()


def hurry(execution_arn: str) -> None:
    """Let the present wait of an execution, and those to come, pass in a second."""
    _executions.add(execution_arn)


def came_in_time(signal: threading.Event, seconds: float, execution_arn: str) -> bool:
    """Wait for a signal, a hurried execution for a second at most."""
    end, hurried = time.monotonic() + seconds, False
    while (left := end - time.monotonic()) > 0:
        if not hurried and execution_arn in _executions:
            hurried, end = True, min(end, time.monotonic() + _HURRIED_SECONDS)
        # The class's own wait: the engine's events are on the scaled clock, these seconds are not.
        if threading.Event.wait(signal, min(left, _LOOK_SECONDS)):
            return True
    return signal.is_set()
