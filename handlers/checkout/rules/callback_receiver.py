"""Receiving an outside service's callback: the waiting task is answered once, then it is noted.

Nothing is written before the task took the answer, so a crash in between is found out by the
repeated callback: the task is gone by then, and the order's row says which answer it had taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from handlers.checkout.rules.answers import PROCESSING, Answer, Step, answer
from handlers.orders.rules.ports import OrderRows, Row
from handlers.orders.rules.states import FAILED, PENDING

# A task that has just ended shows in the order's row as soon as the machine's next step is done.
_PAUSES = (0.0, 0.1, 0.2, 0.4, 0.8, 1.6)


class Outcome(Enum):
    """What became of a callback."""

    ACCEPTED = auto()
    REPEATED = auto()
    NOTED = auto()
    KEPT = auto()
    UNKNOWN_ORDER = auto()
    CONTRADICTS = auto()
    LATE = auto()
    UNDECIDED = auto()


class Callbacks(Protocol):
    """The PendingCallbacks table."""

    def read(self, order_id: str, step: Step) -> Row | None:
        """The step's row, without a Token that has expired."""
        ...

    def keep(self, order_id: str, answer: Answer) -> bool:
        """Keeps an answer until its task's token is there; False when something is there."""
        ...

    def mark(self, order_id: str, answer: Answer) -> None:
        """Notes the answer that a task took."""
        ...


class Tasks(Protocol):
    """The tasks that wait."""

    def answer(self, token: str, answer: Answer) -> bool:
        """Ends a task; False when it does not wait any more."""
        ...

    def keep_alive(self, token: str) -> bool:
        """Tells a task that its service is at work; False when it does not wait any more."""
        ...


class Refunds(Protocol):
    """Money that came too late."""

    def ensure(self, order: Row) -> None:
        """Gives the order's money back; a review is open where that fails."""
        ...


@dataclass(frozen=True)
class Receiving:
    """What a callback meets. `sleep` waits a number of seconds."""

    orders: OrderRows
    callbacks: Callbacks
    tasks: Tasks
    refunds: Refunds
    sleep: Callable[[float], None]

    def receive(self, step: Step, order_id: str, word: str) -> Outcome:
        """Takes a service's word about an order.

        Raises:
            Exception: whatever a table, a task or the refund raised; the callback may be repeated.
        """
        order = self.orders.read(order_id)
        if order is None or "CartId" not in order:
            return Outcome.UNKNOWN_ORDER
        if word == PROCESSING:
            return self._keep_alive(order, step)
        said = answer(step, word)
        outcome = self._settled(order_id, said)
        if outcome is not Outcome.ACCEPTED and step is Step.PAYMENT and said.succeeded:
            self._refund_if_failed(order_id)
        return outcome

    def _keep_alive(self, order: Row, step: Step) -> Outcome:
        row = self.callbacks.read(order["OrderId"], step) or {}
        if order["State"] == FAILED:
            return Outcome.LATE
        if "Answer" in row or "Token" not in row or self.tasks.keep_alive(row["Token"]):
            return Outcome.NOTED
        return Outcome.LATE

    def _settled(self, order_id: str, said: Answer) -> Outcome:
        for pause in _PAUSES:
            self.sleep(pause)
            outcome = self._once(order_id, said)
            if outcome is not None:
                return outcome
        return Outcome.UNDECIDED

    def _once(self, order_id: str, said: Answer) -> Outcome | None:
        """What becomes of an answer as things stand; None when they are about to change."""
        row = self.callbacks.read(order_id, said.step)
        if row and "Answer" in row:
            return Outcome.REPEATED if row["Answer"] == said.word else Outcome.CONTRADICTS
        if row and "Token" in row and self.tasks.answer(row["Token"], said):
            self.callbacks.mark(order_id, said)
            return Outcome.ACCEPTED
        order = self.orders.read(order_id) or {}
        known = _known(order, said)
        if known is None and row is None and self.callbacks.keep(order_id, said):
            return Outcome.KEPT
        return known

    def _refund_if_failed(self, order_id: str) -> None:
        order = self.orders.read(order_id) or {}
        if order.get("State") == FAILED:
            self.refunds.ensure(order)


def _known(order: Row, said: Answer) -> Outcome | None:
    """What an order's row says about an answer of which no task and no note is left."""
    if order.get(said.language.status) == "Successful":
        return Outcome.REPEATED if said.succeeded else Outcome.CONTRADICTS
    if order.get("State") == PENDING:
        return None
    taken = (order.get("Reason"), order.get("Cause")) == (said.language.error, said.cause)
    return Outcome.REPEATED if taken else Outcome.LATE
