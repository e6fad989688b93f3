"""The order of a running scenario, for those who act on it meanwhile."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from local.entries import Entry
from local.stack import Stack


@dataclass
class Ordered:
    """The execution of a scenario, once it was started, and the order that it is about.

    Attributes:
        stack: where it runs.
        entry: how the scenario enters its workflow.
        document: what goes in.
    """

    stack: Stack
    entry: Entry
    document: dict[str, Any]
    _execution: "Future[str]" = field(default_factory=Future, init=False)
    _id: str | None = field(default=None, init=False)

    @contextmanager
    def starting(self) -> Iterator[None]:
        """An execution is started meanwhile; whoever waits for it hears if it was not."""
        try:
            yield
        finally:
            self._execution.cancel()

    def started(self, execution: str) -> None:
        """The scenario's execution, by its ARN."""
        self._execution.set_result(execution)

    def execution(self) -> str:
        """The ARN of the execution, waiting for its start.

        Raises:
            concurrent.futures.CancelledError: it was not started.
        """
        return self._execution.result()

    def id(self) -> str | None:
        """The order's id; None if there is none on record.

        Once known it stays: a cart knows only the last of its orders.
        """
        if self._id is None:
            self._id = self.entry.order_id(self.stack, self.document, self.execution())
        return self._id
