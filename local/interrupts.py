"""What Ctrl-C does, and for how long."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

INTERRUPTED = 128 + signal.SIGINT
"""The exit code of a command that Ctrl-C ended."""


@contextmanager
def ending_at_once() -> Iterator[None]:
    """Ctrl-C ends the process without a word meanwhile: it has nothing to clean up."""
    with _handled_by(signal.SIG_DFL, signal.SIGINT):
        yield


@contextmanager
def raising(*others: signal.Signals) -> Iterator[None]:
    """Ctrl-C, and other signals, raise KeyboardInterrupt meanwhile: something needs cleaning up."""
    with _handled_by(signal.default_int_handler, signal.SIGINT, *others):
        yield


@contextmanager
def _handled_by(handler: Any, *numbers: signal.Signals) -> Iterator[None]:
    """Handle signals so; but not those that the caller wants ignored, as `nohup` does."""
    found = {number: signal.getsignal(number) for number in numbers}
    before = {number: old for number, old in found.items() if old is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
