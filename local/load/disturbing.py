"""Somebody who disturbs a load: stops executions, cancels orders and kills functions at random."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random

from botocore.exceptions import BotoCoreError, ClientError

from local.cloud import FunctionNotStarted
from local.http_api import HttpApi
from local.load.customers import Answers
from local.stack import Stack

_PAUSE_SECONDS = 0.15
_IDLE_LOOKS = 20  # after which the load is over


class Disturber(threading.Thread):
    """Acts until nothing has run for a while; `acts` counts what it did."""

    def __init__(self, stack: Stack, api: HttpApi, answers: Answers, seed: int) -> None:
        super().__init__(name="disturber", daemon=True)
        self._stack, self._api, self._answers = stack, api, answers
        self._random = Random(seed)  # noqa: S311 - the same acts for the same seed are wanted
        self._idle = 0
        self.acts: Counter[str] = Counter()

    @property
    def is_disturbing(self) -> bool:
        """Whether it still acts."""
        return self.is_alive()

    def run(self) -> None:
        """Do one thing after another, each to somebody at random.

        Ends when a function does not start, which whoever watches the load meets as well.
        """
        with suppress(FunctionNotStarted):
            self._disturb()

    def _disturb(self) -> None:
        acts: list[Callable[[], str | None]] = [
            self._stop_execution,
            self._cancel_order,
            self._crash_function,
        ]
        while self._idle < _IDLE_LOOKS:
            time.sleep(_PAUSE_SECONDS)
            try:
                done = self._random.choice(acts)()
            except (ClientError, BotoCoreError, OSError):
                done = "in vain"  # it has ended meanwhile, or the cloud is too busy to answer
            if done:
                self.acts[done] += 1

    def _stop_execution(self) -> str | None:
        running = list(self._stack.cloud.running())
        self._idle = 0 if running else self._idle + 1
        if not running:
            return None
        states = self._stack.cloud.client("stepfunctions")
        states.stop_execution(executionArn=self._random.choice(running), error="ProcessingError")
        return "executions stopped"

    def _cancel_order(self) -> str | None:
        known = sorted(self._answers.order_ids())
        if not known:
            return None
        order_id = self._random.choice(known)
        self._api.send("POST", f"/orders/{order_id}/cancel")
        return "cancellations asked for"

    def _crash_function(self) -> str | None:
        return (
            "functions killed" if self._stack.cloud.crash_function(self._random.random()) else None
        )
