"""Orders that have waited for too long: what each of them waits for, and what helps.

Whatever is done, an order that has waited for a day is put before a human, once.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from handlers.domain.clock import Clock, moment
from handlers.domain.outcomes import CANCELLED, PENDING
from handlers.domain.ports import OrderRows, Reviews, Row
from handlers.domain.telling import Telling

PATIENCE = timedelta(minutes=5)
LONGEST = timedelta(days=1)
STEP = "Intake"

_CAUSE = "the order has been PENDING for more than a day"
_TO_DO = (
    "see whether the order's message is in PurchaseQueue's dead-letter queue, and redrive it, or"
    " why its execution does not end"
)


class Swept(StrEnum):
    """What a sweep did about an order."""

    NOTHING = "NOTHING"
    QUEUED = "QUEUED"
    RECOVERED = "RECOVERED"
    GIVEN_BACK = "GIVEN_BACK"
    NOT_WAITING = "NOT_WAITING"


class WaitingOrders(OrderRows, Protocol):
    """The CustomerOrders table."""

    def stop_waiting(self, order_id: str) -> None:
        """Takes an order that waits for nothing out of the index."""
        ...


class FollowUp(Protocol):
    """What helps an order of one kind."""

    def follow_up(self, row: Row) -> Swept:
        """Does what the order needs."""
        ...


@dataclass(frozen=True)
class Humans:
    """Who is called when an order does not come to its end."""

    reviews: Reviews
    telling: Telling
    clock: Clock

    def see_to(self, row: Row) -> None:
        """Puts an order that has waited for LONGEST before a human, once."""
        if waited(row, self.clock) >= LONGEST:
            review = self.reviews.open(row["OrderId"], STEP, _CAUSE, _TO_DO)
            self.telling.review(row, STEP, review, _CAUSE)


@dataclass(frozen=True)
class Sweeping:
    """What a sweep of waiting orders needs.

    Attributes:
        orders: the orders.
        placed: what helps an order of order processing.
        checkouts: what helps a checkout.
        cancelled: what helps a cancelled order of which not everything is given back.
        humans: who sees to what does not end.
    """

    orders: WaitingOrders
    placed: FollowUp
    checkouts: FollowUp
    cancelled: FollowUp
    humans: Humans

    def sweep(self, order_id: str) -> Swept:
        """Does what an order needs that has waited for PATIENCE, as its row stands now.

        Raises:
            Exception: whatever a step raised; the next sweep finds the order again.
        """
        row = self.orders.read(order_id)
        if row is None or "Waiting" not in row:
            return Swept.NOT_WAITING
        if row["State"] == PENDING:
            self.humans.see_to(row)
            kind = self.checkouts if "CartId" in row else self.placed
            return kind.follow_up(row)
        if row["State"] == CANCELLED and not row.get("Compensated"):
            return self.cancelled.follow_up(row)
        self.orders.stop_waiting(order_id)
        return Swept.NOT_WAITING


def waited(row: Row, clock: Clock) -> timedelta:
    """How long an order has stood unchanged."""
    return clock() - moment(row["UpdatedAt"])
