"""Work that Ctrl-C ends in order: what is known so far is shown, and nothing is left behind."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn, TypeVar

from local.interrupts import INTERRUPTED, raising
from local.terminal import stop_live

_Answer = TypeVar("_Answer")


def interruptible(
    work: Callable[[], _Answer],
    last_words: Callable[[], None] = lambda: None,
    also_on: Sequence[signal.Signals] = (),
    exit_code: int = INTERRUPTED,
) -> _Answer:
    """Do work in another thread, so that Ctrl-C strikes this one, where nothing is half done.

    Processes that the work starts do not see Ctrl-C; they must end when this one does.

    Args:
        work: is called; its answer is returned, its error raised.
        last_words: is called on Ctrl-C, while the work still goes on; then this process ends.
        also_on: other signals that end it so.
        exit_code: the code with which it ends.
    """
    worker = ThreadPoolExecutor(1, "work", initializer=_leave_interrupts_to_others)
    try:
        with raising(*also_on):
            return worker.submit(work).result()
    except KeyboardInterrupt:
        threading.excepthook = _ignore
        _end(last_words, exit_code)


def _leave_interrupts_to_others() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _ignore(_args: Any) -> None:
    """Threads that are left fail, since what they work with is gone."""


def _end(last_words: Callable[[], None], exit_code: int) -> NoReturn:
    try:
        stop_live()
        last_words()
        sys.stdout.flush()
    finally:
        os._exit(exit_code)  # waits for no thread
