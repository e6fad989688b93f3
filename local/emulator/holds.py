"""Executions held at a place: a Task state's call is made, and its answer is not yet processed.

Whoever holds one may stop it, or do anything else, exactly there. Timeouts go on meanwhile.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from local.emulator import failed_starts

_LONGEST_SECONDS = 60.0
_LOOK_SECONDS = 0.01
_ENDING_SECONDS = 0.1


@dataclass(eq=False)
class Hold:
    """Where one execution, the first to come there, is to stand; `execution` once it does."""

    machine: str
    state: str
    execution: str | None = None
    released: threading.Event = field(default_factory=threading.Event)


_holds: list[Hold] = []
_lock = threading.Lock()


def hold(machine: str, state: str) -> None:
    """Let the next execution of a machine that has called what the state calls stand still."""
    with _lock:
        _holds.append(Hold(machine, state))


def stand(machine: str, state: str, execution: str, goes_on: Callable[[], bool]) -> None:
    """Stand still if an execution is to be held here, until released, for a minute at most.

    Args:
        machine: the ARN of the state machine.
        state: the state whose call was made.
        execution: the ARN of the execution.
        goes_on: whether the execution still runs; one that was stopped stands no longer.
    """
    place = _arrived(machine, state, execution)
    if place is None:
        return
    end = time.monotonic() + _LONGEST_SECONDS
    while goes_on() and time.monotonic() < end and not place.released.wait(_LOOK_SECONDS):
        pass
    if not goes_on():
        time.sleep(_ENDING_SECONDS)  # until the last event of its history is written
    with _lock:
        if place in _holds:
            _holds.remove(place)


def _arrived(machine: str, state: str, execution: str) -> Hold | None:
    with _lock:
        for place in _holds:
            if place.execution is None and (place.machine, place.state) == (machine, state):
                place.execution = execution
                return place
    return None


async def held(arn: str, seconds: float) -> str | None:
    """The ARN of an execution that stands, known when it does or so many seconds later.

    Args:
        arn: the execution's own ARN, or its machine's.
        seconds: how long to wait for one.
    """
    end = time.monotonic() + seconds
    while (found := _standing(arn)) is None and time.monotonic() < end:
        if failed_starts.first():
            break
        await asyncio.sleep(_LOOK_SECONDS)
    return found


def _standing(arn: str) -> str | None:
    with _lock:
        standing = (place for place in _holds if place.execution and arn in _names(place))
        return next((place.execution for place in standing), None)


def _names(place: Hold) -> tuple[str, str | None]:
    return place.machine, place.execution


def release(arn: str) -> int:
    """Let go on whatever of an execution or a machine stands, and hold nothing more of it.

    Returns:
        how many holds are no more.
    """
    with _lock:
        ended = [place for place in _holds if arn in _names(place)]
        for place in ended:
            _holds.remove(place)
            place.released.set()
    return len(ended)
