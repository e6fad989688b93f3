"""What helps an order that waits: its message once more, or the recovery of its kind of order.

An order that was never started is queued again, each time after twice as long, so that a queue
which is only slow is not filled by its own orders.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from handlers.domain.clock import Clock, moment
from handlers.domain.pending import is_startable, message_of
from handlers.domain.ports import Row
from handlers.domain.recovery import EndedExecution
from handlers.domain.sweeping import PATIENCE, Swept, waited

_UNKNOWN = "GONE"
_UNHAPPY = ("FAILED", "TIMED_OUT", "ABORTED")


class Execution(Protocol):
    """How an execution stands."""

    @property
    def status(self) -> str:
        """One of Step Functions' own words, or GONE when it knows no such execution."""
        ...

    @property
    def input(self) -> Mapping[str, Any]:
        """What it was started with."""
        ...

    @property
    def error(self) -> str | None:
        """The error it ended with, if it has one."""
        ...

    @property
    def cause(self) -> str | None:
        """The sentence to that error, if it has one."""
        ...

    @property
    def may_still_act(self) -> bool:
        """Whether it runs, or is about to run again."""
        ...


class Executions(Protocol):
    """The executions of state machines."""

    def describe(self, arn: str) -> Execution:
        """How an execution stands now."""
        ...


class Machine(Protocol):
    """Order processing's state machine."""

    def execution(self, order_id: str) -> str:
        """The ARN of an order's execution, whether or not there is one."""
        ...


class Queued(Protocol):
    """The CustomerOrders table, as far as it says what was queued."""

    def note_queued(self, order_id: str) -> None:
        """Notes on a PENDING order that its message was sent."""
        ...


class PurchaseQueue(Protocol):
    """The queue of orders to start."""

    def send(self, message: Mapping[str, Any]) -> None:
        """Sends a message."""
        ...


class Reconciler(Protocol):
    """What finishes an order of which order processing's execution ended."""

    def reconcile(self, ended: EndedExecution) -> object:
        """Compensates the order, unless it stands or is compensated."""
        ...


class Sweeper(Protocol):
    """What finishes a checkout of which only the order's id and the execution are known."""

    def sweep(self, ended: EndedExecution) -> object:
        """Compensates the order, unless it stands or is compensated."""
        ...


@dataclass(frozen=True)
class PlacedFollowUp:
    """What an order of order processing may need."""

    executions: Executions
    machine: Machine
    queue: PurchaseQueue
    orders: Queued
    recovery: Reconciler
    clock: Clock

    def follow_up(self, row: Row) -> Swept:
        """Queues an order that was never started, recovers one whose execution ended."""
        arn = self.machine.execution(row["OrderId"])
        execution = self.executions.describe(arn)
        if execution.status == _UNKNOWN:
            return self._queue(row)
        if execution.status in _UNHAPPY:
            self.recovery.reconcile(_ended(row, arn, execution))
            return Swept.RECOVERED
        return Swept.NOTHING

    def _queue(self, row: Row) -> Swept:
        if not is_startable(row) or not self._is_due(row):
            return Swept.NOTHING
        self.queue.send(message_of(row))
        self.orders.note_queued(row["OrderId"])
        return Swept.QUEUED

    def _is_due(self, row: Row) -> bool:
        if "QueuedAt" not in row:
            return True
        queued = moment(row["QueuedAt"])
        return self.clock() - queued >= max(PATIENCE, queued - moment(row["UpdatedAt"]))


@dataclass(frozen=True)
class CheckoutFollowUp:
    """What a checkout may need; `patience` is how long its machine may take."""

    executions: Executions
    recovery: Sweeper
    patience: timedelta
    clock: Clock

    def follow_up(self, row: Row) -> Swept:
        """Recovers a checkout whose execution ended, or is not known any more."""
        if waited(row, self.clock) < self.patience:
            return Swept.NOTHING
        arn = row["ExecutionArn"]
        execution = self.executions.describe(arn)
        if execution.status not in (*_UNHAPPY, _UNKNOWN):
            return Swept.NOTHING
        self.recovery.sweep(_ended(row, arn, execution))
        return Swept.RECOVERED


@dataclass(frozen=True)
class CancelledFollowUp:
    """What a cancelled order may need; `give_back` finishes the cancellation by order id."""

    executions: Executions
    machine: Machine
    give_back: Callable[[str], None]

    def follow_up(self, row: Row) -> Swept:
        """Gives everything back, unless the order's own machine is about to."""
        arn = row.get("ExecutionArn") or self.machine.execution(row["OrderId"])
        if self.executions.describe(arn).may_still_act:
            return Swept.NOTHING
        self.give_back(row["OrderId"])
        return Swept.GIVEN_BACK


def _ended(row: Row, arn: str, execution: Execution) -> EndedExecution:
    order = {**execution.input, "orderId": row["OrderId"]}
    return EndedExecution(order, arn, execution.status, execution.error, execution.cause)
