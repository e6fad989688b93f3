"""Orders that have waited for too long, each helped by what it waits for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import intake_wiring
from handlers.adapters.dynamodb import Row, read
from handlers.domain.clock import timestamp, utc_now
from handlers.domain.errors import SweepIncomplete
from handlers.domain.follow_up import CancelledFollowUp, CheckoutFollowUp, PlacedFollowUp
from handlers.domain.pending import message_of, order_of
from handlers.start_order import handler as start_order
from handlers.sweep_orders import handler as sweep_orders
from tests.handlers.bus import MACHINE, ROLE, Bus, batch, failures
from tests.handlers.checkouts import Shop, checkout
from tests.handlers.placing import ORDER_ID, Store, ago


@pytest.fixture
def states(store: Store, told: Bus) -> Any:
    """The order machine, whose executions run until they are stopped."""
    client = boto3.client("stepfunctions")
    client.create_state_machine(name="orders", definition=json.dumps(MACHINE), roleArn=ROLE)
    return client


def run(states: Any, row: Row, name: str = ORDER_ID) -> str:
    """Starts the execution of an order; returns its ARN."""
    started = states.start_execution(
        stateMachineArn=intake_wiring.machine().arn, name=name, input=json.dumps(order_of(row))
    )
    return str(started["executionArn"])


def sweep(context: LambdaContext) -> int:
    return int(sweep_orders({}, context)["orders"])


def test_an_order_that_was_never_queued_is_queued_and_can_be_started(
    store: Store, states: Any, context: LambdaContext
) -> None:
    row = store.put_order()
    assert sweep(context) == 1
    (sent,) = store.messages()
    assert sent == message_of(row)
    assert "QueuedAt" in store.order()
    assert failures(start_order(batch(sent), context)) == []
    assert states.describe_execution(executionArn=intake_wiring.machine().execution(ORDER_ID))


def test_a_young_order_is_left_alone(store: Store, states: Any, context: LambdaContext) -> None:
    store.put_order(UpdatedAt=ago(minutes=4))
    assert sweep(context) == 0
    assert store.messages() == []


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
    waited: int, queued: int, again: bool, store: Store, states: Any, context: LambdaContext
) -> None:
    store.put_order(UpdatedAt=ago(minutes=waited), QueuedAt=ago(minutes=queued))
    assert sweep(context) == 1
    assert len(store.messages()) == again


@dataclass
class Known:
    """Everything that a follow-up asks, about one execution of a given status."""

    status: str
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    input: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    cause: str | None = None
    may_still_act: bool = False
    row: dict[str, Any] = field(default_factory=dict)
    sent: int = 0
    recovered: int = 0

    def describe(self, arn: str) -> "Known":
        return self

    def execution(self, order_id: str) -> str:
        return "arn"

    def send(self, message: Any) -> None:
        self.sent += 1

    def note_queued(self, order_id: str) -> None:
        self.row["QueuedAt"] = timestamp(self.now)

    def reconcile(self, ended: object) -> None:
        self.recovered += 1

    sweep = reconcile


def test_an_order_is_queued_a_dozen_times_a_day_at_most(store: Store) -> None:
    known = Known("GONE")
    start = known.now
    known.row = dict(store.put_order(UpdatedAt=timestamp(start)))
    follow_up = PlacedFollowUp(known, known, known, known, known, lambda: known.now)
    for minutes in range(5, 24 * 60, 5):
        known.now = start + timedelta(minutes=minutes)
        follow_up.follow_up(known.row)
    assert 8 <= known.sent <= 12


@pytest.mark.parametrize(
    ("status", "placed", "checkout"),
    [
        ("RUNNING", 0, 0),
        ("PENDING_REDRIVE", 0, 0),
        ("SUCCEEDED", 0, 0),
        ("FAILED", 1, 1),
        ("TIMED_OUT", 1, 1),
        ("ABORTED", 1, 1),
        ("GONE", 0, 1),
    ],
)
def test_only_what_ended_without_success_is_recovered(
    status: str, placed: int, checkout: int, store: Store
) -> None:
    row = store.put_order(ExecutionArn="arn", QueuedAt=ago())
    first, second = Known(status), Known(status)
    PlacedFollowUp(first, first, first, first, first, utc_now).follow_up(row)
    CheckoutFollowUp(second, second, timedelta(minutes=5), utc_now).follow_up(row)
    assert (first.recovered, second.recovered) == (placed, checkout)


@pytest.mark.parametrize("named", ["arn", None])
@pytest.mark.parametrize("runs", [True, False])
def test_a_cancelled_order_is_left_to_its_machine_while_that_runs(
    runs: bool, named: str | None, store: Store
) -> None:
    given_back: list[str] = []
    known = Known("RUNNING" if runs else "FAILED", may_still_act=runs)
    row = store.put_order(State="CANCELLED", Compensated=False, ExecutionArn=named)
    CancelledFollowUp(known, known, given_back.append).follow_up(row)
    assert given_back == ([] if runs else [ORDER_ID])


def test_an_order_whose_execution_runs_is_left_alone(
    store: Store, states: Any, told: Bus, context: LambdaContext
) -> None:
    row = store.put_order()
    run(states, row)
    assert sweep(context) == 1
    assert store.order() == row
    assert (store.messages(), told.told()) == ([], [])


def test_an_order_whose_execution_ended_is_recovered(
    store: Store, states: Any, told: Bus, context: LambdaContext
) -> None:
    states.stop_execution(executionArn=run(states, store.put_order()), error="Stopped")
    assert sweep(context) == 1
    row = store.order()
    assert (row["State"], row["Reason"], row["Compensated"]) == ("FAILED", "ProcessingError", True)
    assert [name for name, _ in told.told()] == ["ManualReviewRequired", "OrderRejected"]
    assert store.messages() == []
    sweep(context)
    assert sweep(context) == 0
    assert told.told() == []


def test_an_order_without_a_payment_is_not_queued_for_nothing(
    store: Store, states: Any, context: LambdaContext
) -> None:
    store.put_order(Payment=None)
    assert sweep(context) == 1
    assert store.messages() == []


def review(store: Store, order_id: str = ORDER_ID) -> Row:
    return read(store.client, "ManualReview", OrderId=order_id, Step="Intake") or {}


def test_an_order_that_has_waited_for_a_day_is_put_before_a_human_once(
    store: Store, states: Any, told: Bus, context: LambdaContext
) -> None:
    store.put_order(UpdatedAt=ago(days=1), QueuedAt=ago(minutes=1))
    for _ in range(2):
        assert sweep(context) == 1
    ((name, detail),) = told.told()
    assert (name, detail["orderId"]) == ("ManualReviewRequired", ORDER_ID)
    assert review(store)["Failed"] == "the order has been PENDING for more than a day"
    assert store.order()["State"] == "PENDING"


def test_within_the_day_no_human_is_called(
    store: Store, states: Any, told: Bus, context: LambdaContext
) -> None:
    store.put_order(UpdatedAt=ago(hours=23))
    sweep(context)
    assert (review(store), told.told()) == ({}, [])


@pytest.fixture
def shop(store: Store) -> Shop:
    return Shop(store.client).stocked()


def wait(shop: Shop, arn: str, **age: float) -> None:
    """A checkout of an execution that has waited for so long."""
    shop.attempts.create(checkout(), arn)
    shop.set(Waiting="yes", UpdatedAt=ago(**age))


def test_a_checkout_is_recovered_once_its_patience_is_over_and_its_execution_ended(
    shop: Shop, states: Any, told: Bus, context: LambdaContext, store: Store
) -> None:
    arn = run(states, store.put_order(Waiting=None), "a-checkout")
    wait(shop, arn, minutes=16)
    assert sweep(context) == 1
    assert shop.row()["State"] == "PENDING"
    states.stop_execution(executionArn=arn)
    sweep(context)
    assert (shop.row()["State"], shop.row()["Compensated"]) == ("FAILED", True)
    assert (shop.cart()["Status"], shop.held("Orange")) == ("FAILED", (10, 0))
    assert [name for name, _ in told.told()] == ["ManualReviewRequired", "OrderRejected"]
    assert store.messages() == []


def test_a_checkout_of_an_execution_that_nobody_knows_is_recovered(
    shop: Shop, states: Any, told: Bus, context: LambdaContext
) -> None:
    wait(shop, "arn:aws:states:us-east-1:123456789012:execution:checkout:gone", minutes=16)
    sweep(context)
    assert shop.row()["Compensated"] is True


def test_a_checkout_that_may_still_be_answered_is_left_alone(
    shop: Shop, states: Any, told: Bus, context: LambdaContext
) -> None:
    wait(shop, "arn:aws:states:us-east-1:123456789012:execution:checkout:gone", minutes=14)
    assert sweep(context) == 1
    assert shop.row()["State"] == "PENDING"


@pytest.mark.parametrize("state", ["PROCESSED", "FULFILLED", "FAILED", "REFUNDED"])
def test_an_order_that_waits_for_nothing_is_not_found_again(
    state: str, store: Store, states: Any, told: Bus, context: LambdaContext
) -> None:
    row = store.put_order(State=state)
    assert (sweep(context), sweep(context)) == (1, 0)
    row.pop("Waiting")
    assert store.order() == row
    assert (store.messages(), told.told()) == ([], [])


def test_an_order_that_is_decided_meanwhile_keeps_waiting_if_it_must(store: Store) -> None:
    for columns in ({}, {"State": "CANCELLED", "Compensated": False}):
        store.put_order(**columns)
        intake_wiring.orders().stop_waiting(ORDER_ID)
        assert store.order()["Waiting"] == "yes"


def test_an_order_that_was_removed_is_not_made_anew(store: Store) -> None:
    intake_wiring.orders().stop_waiting(ORDER_ID)
    assert store.rows("CustomerOrders") == []


def test_one_order_that_fails_holds_up_no_other_and_is_told(
    store: Store, states: Any, told: Bus, context: LambdaContext
) -> None:
    good = "99999999-2222-4333-8444-555555555555"
    store.put_order(UpdatedAt=ago(minutes=20), QueuedAt="not a time")
    store.put_order(OrderId=good)
    with pytest.raises(SweepIncomplete, match="1 of 2"):
        sweep(context)
    assert [sent["orderId"] for sent in store.messages()] == [good]
