"""Knowing when nothing is on its way any more."""

import time
from collections.abc import Sequence

from local.cloud import Cloud
from local.command_error import CommandError

PATIENCE_SECONDS = 30.0
POLL_SECONDS = 0.03
QUIET_POLLS = 2


class UnsettledError(CommandError, RuntimeError):
    """Queues that still held messages, or streams with work left, when patience ran out."""


def settle(cloud: Cloud, queues: Sequence[str]) -> None:
    """Wait until every queue, by URL, and every stream has been without work twice in a row.

    Raises:
        UnsettledError: a queue or a stream's function was still busy after 30 s.
        FunctionNotStarted: a function did not start.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    quiet = 0
    while quiet < QUIET_POLLS:
        waiting = cloud.busy(queues)
        quiet = 0 if waiting else quiet + 1
        if waiting and time.monotonic() > deadline:
            names = ", ".join(url.rpartition("/")[2] for url in waiting)
            raise UnsettledError(f"still busy after {PATIENCE_SECONDS:.0f} s: {names}")
        time.sleep(POLL_SECONDS)
