"""Watching the orders of a load until nothing happens any more."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.exceptions import BotoCoreError

from local.cloud import CloudError
from local.stack import Stack

_PATIENCE_SECONDS = 900.0  # longer than a message that fails five times stays in its queue
_LEAST_PAUSE = 1.0
_SHARE = 5  # looking takes at most one part in so many of the time
_QUIET_LOOKS = 2


class Stalled(RuntimeError):
    """Orders that no longer moved while something was still on its way; one sentence says what."""


@dataclass(frozen=True)
class Look:
    """The state of things: orders by State, what runs by machine, busy queues and streams."""

    states: Counter[str] = field(default_factory=Counter)
    running: Counter[str] = field(default_factory=Counter)
    busy: tuple[str, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """True if nothing runs and nothing waits."""
        return not any(self.running.values()) and not self.busy


def look(stack: Stack) -> Look:
    """Look at how things stand now."""
    busy = [url.rpartition("/")[2] for url in stack.cloud.busy(stack.queues)]
    states = Counter(str(row["State"]["S"]) for row in scan(stack, "CustomerOrders", "State"))
    running = Counter(arn.split(":")[6] for arn in stack.cloud.running())
    return Look(states, running, tuple(busy))


def await_quiet(stack: Stack, asking: Callable[[], bool], see: Callable[[Look], None]) -> None:
    """Look, again and again, until nobody asks any more and everything has settled.

    Raises:
        Stalled: for 15 minutes nothing changed, although something ran or waited.
        CloudError: the server died.
    """
    last, changed, quiet = Look(), time.monotonic(), 0
    while quiet < _QUIET_LOOKS:
        start, asked = time.monotonic(), asking()
        try:
            seen = look(stack)
        except (OSError, BotoCoreError):  # too busy to answer: what was seen last still stands
            seen = replace(last, busy=("too busy to answer",))
        took = time.monotonic() - start
        see(seen)
        quiet = quiet + 1 if seen.is_quiet and not asked else 0
        if seen != last or asked:
            last, changed = seen, time.monotonic()
        if time.monotonic() - changed > _PATIENCE_SECONDS:
            raise Stalled(_stalled(seen))
        if not stack.cloud.is_running:
            raise CloudError("The embedded cloud's server died; start it again.")
        time.sleep(max(_LEAST_PAUSE, took * _SHARE))


def scan(stack: Stack, table: str, *columns: str) -> Iterator[dict[str, Any]]:
    """The rows of a table in DynamoDB's typed JSON, only these columns of them if any are named."""
    wanted: dict[str, Any] = {"TableName": stack.table(table)}
    if columns:
        names = {f"#{column}": column for column in columns}
        wanted |= {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}
    for page in stack.cloud.client("dynamodb").get_paginator("scan").paginate(**wanted):
        yield from page["Items"]


def _stalled(seen: Look) -> str:
    running = [f"{count} executions of {name}" for name, count in seen.running.items() if count]
    waiting = [*running, *(f"what waits in {name}" for name in seen.busy)]
    return f"nothing changed for {_PATIENCE_SECONDS:.0f} s, with {', '.join(waiting)} not done"
