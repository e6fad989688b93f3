"""Every call to AWS of this process: one of them disturbed, and writes landing once more."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.handlers.fakes import Crash

WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")
_EFFECTS = (*WRITES, "SendMessage", "SendMessageBatch", "PutObject", "StartExecution")
REFUSED = ("ConditionalCheckFailedException", "TransactionCanceledException")


@dataclass(frozen=True)
class Fault:
    """Something that happens to one call; `lands` says whether the call takes effect."""

    name: str
    error: Callable[[str], BaseException]
    lands: bool


def _throttled(operation: str) -> ClientError:
    return ClientError(
        {
            "Error": {"Code": "ThrottlingException", "Message": "slow down"},
            "ResponseMetadata": {"HTTPStatusCode": 400},
        },
        operation,
    )


CRASHED = Fault("crash", lambda _: Crash(), lands=True)
LOST = Fault("lost answer", lambda _: ReadTimeoutError(endpoint_url="https://aws"), lands=True)
THROTTLED = Fault("throttled", _throttled, lands=False)
FAULTS = (CRASHED, LOST, THROTTLED)
"""A crash before a call looks the same as one after the call before it, or as none at all."""

PASSING = (LOST, THROTTLED)
"""Faults of a service that pass by themselves."""


@dataclass(frozen=True)
class Write:
    """A write to DynamoDB as it was sent, without the token by which a client knows it again.

    DynamoDB knows a transaction again for ten minutes only.
    """

    client: Any
    operation: str
    request: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.operation} {self.request}"


@dataclass
class Calls:
    """The seam through which every call passes.

    Attributes:
        make: makes a call of a client.
        made: the operations that were called while one was to be disturbed.
    """

    make: Callable[[Any, str, dict[str, Any]], Any]
    made: list[str] = field(default_factory=list)
    _fault: Fault | None = None
    _place: int = 0
    _written: list[Write] | None = None

    def seam(self) -> Callable[[Any, str, dict[str, Any]], Any]:
        """What stands in the place of botocore's own method."""

        def call(client: Any, operation: str, request: dict[str, Any]) -> Any:
            return self._call(client, operation, request)

        return call

    @contextmanager
    def disturbed(self, place: int, fault: Fault) -> Iterator[None]:
        """Disturbs one call of those that are made meanwhile, counted from 0."""
        self.made, self._place, self._fault = [], place, fault
        try:
            yield
        finally:
            self._fault = None

    @property
    def is_struck(self) -> bool:
        """Whether there was a call to disturb."""
        return len(self.made) > self._place

    def places(self, act: Callable[[], object]) -> list[tuple[int, Fault]]:
        """Every fault of every call that something makes, those aside that look like others.

        A read has no effect to lose. A write that had none looks like the call before it lost.
        """
        with self.disturbed(-1, LOST):
            act()
        return [
            (place, fault)
            for place, operation in enumerate(self.made)
            for fault in ((CRASHED, LOST) if operation in _EFFECTS else (THROTTLED,))
        ]

    @contextmanager
    def recorded(self) -> Iterator[list[Write]]:
        """The writes that are made meanwhile."""
        written: list[Write] = []
        self._written = written
        try:
            yield written
        finally:
            self._written = None

    def land_again(self, writes: Sequence[Write]) -> Iterator[Write]:
        """Sends writes once more, one after the other; one that a condition refuses is none."""
        for write in writes:
            try:
                self.make(write.client, write.operation, dict(write.request))
            except ClientError as error:
                if error.response["Error"]["Code"] not in REFUSED:
                    raise
            yield write

    def _call(self, client: Any, operation: str, request: dict[str, Any]) -> Any:
        if self._written is not None and operation in WRITES:
            self._written.append(Write(client, operation, dict(request)))
        fault = self._fault
        if fault is None:
            return self.make(client, operation, request)
        self.made.append(operation)
        if len(self.made) != self._place + 1:
            return self.make(client, operation, request)
        if fault.lands:
            self.make(client, operation, request)
        raise fault.error(operation)
