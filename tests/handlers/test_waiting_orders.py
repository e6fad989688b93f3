"""Orders that have waited for too long, each helped by what its row and its execution say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.orders.rules.reviews import Review
from handlers.orders.rules.states import CANCEL_ORDER
from handlers.payments.rules.errors import PaymentGatewayUnavailable
from handlers.recovery.rules.ended_execution import GONE, Execution
from handlers.recovery.rules.waiting_order_sweeper import (
    LONGEST,
    PATIENCE,
    UNDONE_WITHIN,
    Swept,
    WaitingOrderSweeper,
)
from handlers.shared.rules.clock import timestamp
from tests.handlers.ended import ANOTHER, ARN, ID, INPUT

NOW = datetime(2026, 1, 2, tzinfo=UTC)
QUEUED, NOTHING = Swept.QUEUED, Swept.NOTHING
RECONCILED, CLOSED = Swept.RECONCILED, Swept.CLOSED
STATUSES = (
    "RUNNING",
    "PENDING_REDRIVE",
    "SUCCEEDED",
    "FAILED",
    "TIMED_OUT",
    "ABORTED",
    GONE,
)


@dataclass
class Known:
    """Everything that a sweep asks and does, about one order whose execution has a status."""

    status: str = GONE
    row: dict[str, Any] = field(default_factory=dict)
    now: datetime = NOW
    asked: list[str] = field(default_factory=list)
    sent: int = 0
    finished: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    closed: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    reviews: dict[str, Review] = field(default_factory=dict)
    error: Exception | None = None

    def read(self, order_id: str) -> dict[str, Any] | None:
        return self.row or None

    def describe(self, arn: str) -> Execution:
        self.asked.append(arn)
        return Execution(arn, self.status, INPUT)

    def execution(self, order_id: str) -> str:
        assert order_id == ID
        return ARN

    def send(self, message: Any) -> None:
        self.sent += 1

    def note_queued(self, order_id: str) -> None:
        self.row["QueuedAt"] = timestamp(self.now)

    def finish(self, order_id: str, ended: Execution, **options: Any) -> None:
        if self.error:
            raise self.error
        self.finished.append((ended.arn, options))

    def close(self, row: Any, by: str, **options: Any) -> None:
        self.closed.append((by, options))

    def open(self, review: Review) -> None:
        self.reviews[review.id] = review

    @property
    def sweeper(self) -> WaitingOrderSweeper:
        ports: Any = self
        return WaitingOrderSweeper(
            orders=self,
            executions=self,
            machine=self,
            queue=self,
            reconciliation=ports,
            closer=ports,
            reviews=ports,
            clock=lambda: self.now,
        )

    def handle(self) -> Swept:
        return self.sweeper.handle(ID)


def order(state: str = "PENDING", *, age: timedelta = PATIENCE, **columns: Any) -> dict[str, Any]:
    """A placed order that has stood unchanged for a time."""
    row = {
        "OrderId": ID,
        "State": state,
        "UpdatedAt": timestamp(NOW - age),
        "Waiting": "yes",
        "CustomerId": "c-1",
        "Payment": INPUT["payment"],
        "Items": INPUT["items"],
        "PaymentStatus": "Pending",
        "OrderTotal": 700,
        "Currency": "USD",
        **columns,
    }
    return {name: value for name, value in row.items() if value is not None}


CART: dict[str, Any] = {"CartId": "835235", "ExecutionArn": ANOTHER, "Payment": None}


@pytest.mark.parametrize(
    ("status", "placed", "checkout"),
    [
        *((status, NOTHING, NOTHING) for status in STATUSES[:3]),
        *((status, RECONCILED, RECONCILED) for status in STATUSES[3:6]),
        (GONE, QUEUED, RECONCILED),
    ],
)
def test_a_pending_order_is_helped_by_how_its_execution_stands(
    status: str, placed: Swept, checkout: Swept
) -> None:
    """One that nobody knows was never started, or is forgotten after 90 days."""
    first, second = Known(status, order()), Known(status, order(**CART))
    assert (first.handle(), second.handle()) == (placed, checkout)
    assert (first.asked, second.asked) == ([ARN], [ANOTHER])
    assert first.sent == (placed is QUEUED)
    assert first.finished == ([(ARN, {})] if placed is RECONCILED else [])
    assert second.finished == ([(ANOTHER, {})] if checkout is RECONCILED else [])
    assert second.sent == 0


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
@pytest.mark.parametrize(
    ("status", "swept"),
    [(status, NOTHING if place < 2 else CLOSED) for place, status in enumerate(STATUSES)],
)
def test_an_order_that_is_not_closed_is_left_to_who_decided_it_while_that_runs(
    status: str, swept: Swept, state: str
) -> None:
    known = Known(status, order(state, ExecutionArn=ANOTHER))
    assert known.handle() is swept
    assert known.asked == [ANOTHER]
    assert known.finished == ([(ANOTHER, {"last": False})] if swept is CLOSED else [])


def test_a_paid_order_that_was_cancelled_is_closed_by_no_execution() -> None:
    known = Known("RUNNING", order("CANCELLED", ExecutionArn=CANCEL_ORDER))
    assert known.handle() is CLOSED
    assert known.closed == [(CANCEL_ORDER, {"again": True, "last": False})]
    assert (known.asked, known.finished) == ([], [])


@pytest.mark.parametrize(("early", "last"), [(timedelta(seconds=1), False), (timedelta(), True)])
def test_what_could_not_be_undone_for_an_hour_is_handed_over_whatever_keeps_it(
    early: timedelta, last: bool
) -> None:
    age = UNDONE_WITHIN - early
    refused = Known("FAILED", order("FAILED", age=age, ExecutionArn=ANOTHER))
    cancelled = Known("FAILED", order("CANCELLED", age=age, ExecutionArn=CANCEL_ORDER))
    assert (refused.handle(), cancelled.handle()) == (CLOSED, CLOSED)
    assert refused.finished == [(ANOTHER, {"last": last})]
    assert cancelled.closed == [(CANCEL_ORDER, {"again": True, "last": last})]


@pytest.mark.parametrize("state", ["PROCESSED", "FULFILLED", "REFUNDED"])
def test_an_order_that_stands_needs_no_help(state: str) -> None:
    known = Known("FAILED", order(state, ExecutionArn=ARN))
    assert known.handle() is NOTHING
    assert (known.finished, known.closed, known.sent) == ([], [], 0)


@pytest.mark.parametrize("row", [{}, order(Waiting=None), order("FAILED", Waiting=None)])
def test_an_order_that_waits_no_longer_is_left_alone(row: dict[str, Any]) -> None:
    """The index by which it was found may be behind."""
    known = Known("FAILED", row)
    assert known.handle() is NOTHING
    assert (known.asked, known.finished, known.sent) == ([], [], 0)


def test_an_order_without_a_payment_is_not_queued_for_nothing() -> None:
    known = Known(GONE, order(Payment=None))
    assert known.handle() is NOTHING
    assert known.sent == 0


@pytest.mark.parametrize(
    ("waited", "queued", "again"),
    [
        (11, 10, True),
        (6, 4, False),
        (60, 20, False),
        (60, 29, False),
        (60, 31, True),
        (60, 59, True),
    ],
)
def test_an_order_is_queued_again_each_time_after_twice_as_long(
    waited: int, queued: int, again: bool
) -> None:
    at = timestamp(NOW - timedelta(minutes=queued))
    known = Known(GONE, order(age=timedelta(minutes=waited), QueuedAt=at))
    assert known.handle() is (QUEUED if again else NOTHING)
    assert known.sent == again


def test_an_order_is_queued_a_dozen_times_a_day_at_most() -> None:
    known = Known(GONE, order(age=timedelta()))
    for minutes in range(5, 24 * 60, 5):
        known.now = NOW + timedelta(minutes=minutes)
        known.handle()
    assert 8 <= known.sent <= 12


@pytest.mark.parametrize("columns", [{}, CART, {"Payment": None}])
@pytest.mark.parametrize("status", STATUSES)
def test_an_order_that_has_been_pending_for_a_day_is_reviewed_whatever_helps_it(
    status: str, columns: dict[str, Any]
) -> None:
    known = Known(status, order(age=LONGEST, **columns))
    known.handle()
    ((key, review),) = known.reviews.items()
    assert (key, review.order_id, review.customer_id) == ("Intake sweep_orders", ID, "c-1")
    assert review.cause == "the order has been PENDING for more than a day"


def test_within_the_day_nobody_need_look() -> None:
    known = Known("RUNNING", order(age=LONGEST - timedelta(seconds=1)))
    known.handle()
    assert known.reviews == {}


def test_an_order_that_cannot_be_helped_yet_is_an_error_of_the_sweep() -> None:
    known = Known("FAILED", order(), error=PaymentGatewayUnavailable("no answer"))
    with pytest.raises(PaymentGatewayUnavailable):
        known.handle()


@pytest.mark.parametrize("status", STATUSES)
def test_a_reservation_that_ran_out_is_finished_unless_its_execution_still_acts(
    status: str,
) -> None:
    known = Known(status)
    swept = known.sweeper.reserved({"OrderId": ID, "ExecutionArn": ANOTHER})
    acts = status in ("RUNNING", "PENDING_REDRIVE")
    assert swept is (NOTHING if acts else RECONCILED)
    assert known.finished == ([] if acts else [(ANOTHER, {"again": True})])
