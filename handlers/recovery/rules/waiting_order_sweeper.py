"""Orders that have waited for too long: what each of them waits for, and what helps.

A PENDING order is queued again, or reconciled where its execution ended. A refused or cancelled one
that was never closed is compensated again. Whatever is done, an order that has been PENDING for a
day has a review.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol

from handlers.intake.rules.pending_order import is_startable, message_of
from handlers.orders.rules.order_closer import OrderCloser
from handlers.orders.rules.ports import OrderRows, Row
from handlers.orders.rules.reviews import Review, Reviews
from handlers.orders.rules.states import CANCEL_ORDER, PENDING, UNDONE
from handlers.recovery.rules.ended_execution import GONE, Execution
from handlers.recovery.rules.reconciliation import OrderReconciliation
from handlers.shared.rules.clock import Clock, moment

PATIENCE = timedelta(minutes=5)
LONGEST = timedelta(days=1)
UNDONE_WITHIN = timedelta(hours=1)
"""After which an order that could not be undone is handed over, whatever keeps it."""

_CAUSE = "the order has been PENDING for more than a day"
_TO_DO = (
    "see whether the order's message is in PurchaseQueue's dead-letter queue, and redrive it, or"
    " why its execution does not end"
)


class Swept(StrEnum):
    """What a sweep did about an order."""

    NOTHING = "NOTHING"
    QUEUED = "QUEUED"
    RECONCILED = "RECONCILED"
    CLOSED = "CLOSED"


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


class Queued(OrderRows, Protocol):
    """The CustomerOrders table, as far as it says what was queued."""

    def note_queued(self, order_id: str) -> None:
        """Notes on a PENDING order that its message was sent."""
        ...


class PurchaseQueue(Protocol):
    """The queue of orders to start."""

    def send(self, message: Mapping[str, Any]) -> None:
        """Sends a message."""
        ...


@dataclass(frozen=True)
class WaitingOrderSweeper:
    """What a sweep of waiting orders needs.

    Attributes:
        orders: the orders.
        executions: the executions of both machines that orders begin with.
        machine: order processing's machine.
        queue: the queue of orders to start.
        reconciliation: finishes an order by its id.
        closer: closes a cancelled order.
        reviews: the reviews.
        clock: the time.
    """

    orders: Queued
    executions: Executions
    machine: Machine
    queue: PurchaseQueue
    reconciliation: OrderReconciliation
    closer: OrderCloser
    reviews: Reviews
    clock: Clock

    def handle(self, order_id: str) -> Swept:
        """Does what an order needs, as its row stands now.

        Raises:
            Exception: whatever a step raised; the next sweep finds the order again.
        """
        row = self.orders.read(order_id)
        if row is None or "Waiting" not in row:
            return Swept.NOTHING
        if row["State"] == PENDING:
            return self._pending(row)
        return self._unclosed(row) if row["State"] in UNDONE else Swept.NOTHING

    def reserved(self, reservation: Row) -> Swept:
        """Finishes the order of a reservation that ran out, unless its execution still runs."""
        execution = self.executions.describe(reservation["ExecutionArn"])
        if execution.may_still_act:
            return Swept.NOTHING
        self.reconciliation.finish(reservation["OrderId"], execution, again=True)
        return Swept.RECONCILED

    def _pending(self, row: Row) -> Swept:
        if self._waited(row) >= LONGEST:
            self.reviews.open(_forgotten(row))
        arn = row.get("ExecutionArn") or self.machine.execution(row["OrderId"])
        execution = self.executions.describe(arn)
        if execution.is_unhappy or (execution.status == GONE and "CartId" in row):
            self.reconciliation.finish(row["OrderId"], execution)
            return Swept.RECONCILED
        return self._queue(row) if execution.status == GONE else Swept.NOTHING

    def _unclosed(self, row: Row) -> Swept:
        """A cancellation of a paid order is no execution's; its end needs no review."""
        arn, last = row["ExecutionArn"], self._waited(row) >= UNDONE_WITHIN
        if arn == CANCEL_ORDER:
            self.closer.close(row, CANCEL_ORDER, last=last, again=True)
            return Swept.CLOSED
        execution = self.executions.describe(arn)
        if execution.may_still_act:
            return Swept.NOTHING
        self.reconciliation.finish(row["OrderId"], execution, last=last)
        return Swept.CLOSED

    def _queue(self, row: Row) -> Swept:
        """Queues an order that was never started, each time after twice as long."""
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

    def _waited(self, row: Row) -> timedelta:
        """How long an order has stood unchanged."""
        return self.clock() - moment(row["UpdatedAt"])


def _forgotten(row: Row) -> Review:
    return Review(
        order_id=row["OrderId"],
        step="Intake",
        execution="sweep_orders",
        reason="ProcessingError",
        cause=_CAUSE,
        to_do=_TO_DO,
        customer_id=row.get("CustomerId"),
    )
