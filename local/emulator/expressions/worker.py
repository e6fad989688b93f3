"""A process that evaluates expressions, one after another, and may be ended at any time.

A question is an expression and its variables, a JSON document; an answer is a kind and a text. A
thread cannot be ended, and a regular expression holds Python's lock until it is done: hence a
process. What it may use is processor time, so that a busy machine fails no expression.
"""

import gc
import math
import os
import resource
import signal
import sys
import time
from types import FrameType
from typing import NoReturn

from local.emulator.expressions import engine, frames
from local.emulator.expressions.failure import OUT_OF_MEMORY, OUT_OF_TIME, LimitExceeded

VALUE, FAILED, LAST = "value", "failed", "last"
"""Kinds of an answer; the last is a failure after which no more questions are taken."""

SECONDS = 2.0
"""Processor time of an evaluation. AWS's page says one second, of a faster evaluator."""

_GRACE_SECONDS = 2  # after which the kernel ends a process that cannot be interrupted
_MOST_BYTES = 1 << 29


def main() -> None:
    """Answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server's end ends this process
    signal.signal(signal.SIGPROF, _interrupt)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    gc.freeze()
    asked, answers = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    sys.stdout = sys.stderr  # what the library prints is no answer
    kind = VALUE
    while kind != LAST and (question := frames.receive(asked)):
        kind, answer = _answer(*question)
        frames.send(answers, kind, answer)


def _answer(expression: str, variables: str) -> tuple[str, str]:
    try:
        return _evaluated(expression, variables)
    except (LimitExceeded, MemoryError) as error:  # between evaluating and disarming the clock
        return LAST, f"threw an error during evaluation: {error or OUT_OF_MEMORY}"


def _evaluated(expression: str, variables: str) -> tuple[str, str]:
    _limit_time()
    try:
        return VALUE, engine.evaluate_text(expression, variables)
    except engine.JsonataError as error:
        spent = str(error).endswith((OUT_OF_TIME, OUT_OF_MEMORY))
        return LAST if spent else FAILED, str(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _limit_time() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    end = math.ceil(time.process_time() + SECONDS) + _GRACE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (end, most))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise LimitExceeded(OUT_OF_TIME)


if __name__ == "__main__":
    main()
