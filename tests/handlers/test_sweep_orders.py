"""The sweep of orders that wait and of reservations that ran out, on real tables."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.intake.adapters.order_machine import Machine
from handlers.intake.rules.pending_order import message_of, order_of
from handlers.intake.start_order import handler as start_order
from handlers.orders.rules.states import CANCEL_ORDER
from handlers.payments import wiring as payments_wiring
from handlers.payments.rules.errors import PaymentGatewayUnavailable
from handlers.recovery import wiring as recovery_wiring
from handlers.recovery.adapters.executions import Executions
from handlers.recovery.sweep_orders import handler as sweep_orders
from handlers.shared.adapters.dynamodb import Row
from handlers.shared.rules.errors import SweepIncomplete
from tests.handlers.bus import batch, failures
from tests.handlers.checkouts import DOCUMENT, EXECUTION, Shop, checkout
from tests.handlers.ended import ANOTHER, ARN, ID, INPUT, Held, States, execution
from tests.handlers.placing import ORDER_ID, Store, ago


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> States:
    """Step Functions, which knows no execution yet."""
    made = States()
    monkeypatch.setattr(recovery_wiring, "executions", lambda: Executions(made))
    return made


@pytest.fixture
def held(dynamodb: Any, states: States) -> Held:
    """An order that is captured and reserved."""
    return Held(dynamodb).reserve().capture()


def sweep(context: LambdaContext) -> tuple[int, int]:
    """How many orders had waited for too long, and how many reservations had run out."""
    swept = sweep_orders({}, context)
    return swept["orders"], swept["reservations"]


def test_an_order_that_was_never_queued_is_queued_and_can_be_started(
    store: Store, states: States, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = store.put_order()
    assert sweep(context) == (1, 0)
    (sent,) = store.messages()
    assert sent == message_of(row)
    assert store.order()["QueuedAt"] >= ago(minutes=1)
    started: list[Any] = []

    def start(_: Machine, order: Any) -> bool:
        started.append(order)
        return True

    monkeypatch.setattr(Machine, "start", start)
    assert failures(start_order(batch(sent), context)) == []
    assert started == [order_of(row)]


def test_a_young_order_is_left_alone(store: Store, states: States, context: LambdaContext) -> None:
    store.put_order(UpdatedAt=ago(minutes=4))
    assert sweep(context) == (0, 0)
    assert store.messages() == []


def test_an_order_whose_execution_runs_is_left_alone(
    store: Store, states: States, context: LambdaContext, tables: Any
) -> None:
    states.put(execution(ORDER_ID), "RUNNING", order_of(store.put_order()))
    before = tables.rows()
    assert sweep(context) == (1, 0)
    assert tables.rows() == before
    assert store.messages() == []


def test_an_order_whose_execution_ended_is_finished(
    held: Held, states: States, context: LambdaContext
) -> None:
    states.put(status="ABORTED")
    held.put_row("PENDING", UpdatedAt=ago(minutes=10))
    assert sweep(context) == (1, 0)
    held.assert_undone()
    assert held.row["Reason"] == "ProcessingError"
    assert list(held.reviews) == [f"Recovery {ARN}"]
    assert sweep(context) == (0, 0)


def test_a_refusal_that_nobody_closed_is_finished_with_a_review(
    held: Held, states: States, context: LambdaContext
) -> None:
    states.put()
    held.put_row("FAILED", UpdatedAt=ago(minutes=6))
    assert sweep(context) == (1, 0)
    held.assert_undone()
    assert (held.row["Reason"], list(held.reviews)) == ("OutOfStock", [f"Recovery {ARN}"])


def test_a_refusal_of_an_execution_that_nobody_knows_any_more_is_finished_too(
    held: Held, context: LambdaContext
) -> None:
    held.put_row("FAILED")
    sweep(context)
    held.assert_undone()
    ((_, review),) = held.reviews.items()
    assert review["Cause"] == "the execution is not known any more"


def test_a_refusal_is_left_to_its_machine_while_that_runs(
    held: Held, states: States, context: LambdaContext, tables: Any
) -> None:
    states.put(status="RUNNING")
    held.put_row("FAILED")
    before = tables.rows()
    assert sweep(context) == (1, 0)
    assert tables.rows() == before


def test_a_cancellation_of_a_paid_order_is_finished_without_a_review(
    held: Held, context: LambdaContext
) -> None:
    held.reserve("COMMITTED")
    held.put_row("CANCELLED", ExecutionArn=CANCEL_ORDER, PaymentStatus="Successful")
    assert sweep(context) == (1, 0)
    held.assert_undone("CANCELLED", by=CANCEL_ORDER)
    assert held.reviews == {}


def test_what_was_handed_over_is_tried_again_by_every_sweep_until_it_succeeds(
    held: Held, states: States, context: LambdaContext
) -> None:
    states.put()
    held.put_row("FAILED", HandedOverAt="2026-01-01")
    held.spoil()
    for _ in range(2):
        assert sweep(context) == (1, 0)
        assert "ClosedAt" not in held.row
    ((key, review),) = held.reviews.items()
    assert (key, review["Done"]) == (f"ReleaseStock {ARN}", "")
    held.correct()
    assert sweep(context) == (1, 0)
    held.assert_undone()
    assert held.reviews[key]["Done"] == "payment: refunded; stock: released"
    assert (sweep(context), len(held.reviews)) == ((0, 0), 1)


def test_a_gateway_that_is_down_for_an_hour_is_waited_for_no_longer(
    held: Held, states: States, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gateway:
        def void(self, order_id: str) -> Any:
            raise PaymentGatewayUnavailable("no answer")

    monkeypatch.setattr(payments_wiring, "gateway", Gateway)
    states.put()
    held.put_row("FAILED", UpdatedAt=ago(minutes=59))
    with pytest.raises(SweepIncomplete):
        sweep(context)
    assert "HandedOverAt" not in held.row
    held.put_row("FAILED", UpdatedAt=ago(minutes=61))
    assert sweep(context) == (1, 0)
    assert "HandedOverAt" in held.row
    assert list(held.reviews) == [f"VoidPayment {ARN}"]


def test_an_order_that_has_waited_for_a_day_is_reviewed_once(
    store: Store, states: States, context: LambdaContext
) -> None:
    store.put_order(UpdatedAt=ago(days=1), QueuedAt=ago(minutes=1))
    for _ in range(2):
        assert sweep(context) == (1, 0)
    (review,) = store.rows("ManualReview")
    assert (review["OrderId"], review["Step"]) == (ORDER_ID, "Intake")
    assert review["Cause"] == "the order has been PENDING for more than a day"
    assert store.order()["State"] == "PENDING"


@pytest.fixture
def shop(dynamodb: Any, states: States) -> Shop:
    """A shop with a checkout that has waited for ten minutes."""
    made = Shop(dynamodb).stocked()
    made.attempts.create(checkout(), EXECUTION)
    made.paid()
    made.set(UpdatedAt=ago(minutes=10))
    return made


def assert_checkout_undone(shop: Shop) -> None:
    row = shop.row()
    assert (row["State"], row["ClosedBy"], row["PaymentStatus"]) == (
        "FAILED",
        EXECUTION,
        "Refunded",
    )
    assert (shop.cart()["Status"], shop.held("Orange")) == ("FAILED", (10, 0))
    assert shop.pending("payment")["Status"] == "CLOSED"
    assert [row["ReviewId"] for row in shop.rows("ManualReview")] == [f"Recovery {EXECUTION}"]


@pytest.mark.parametrize("status", ["FAILED", None], ids=["ended", "gone"])
def test_a_checkout_whose_execution_is_over_is_finished(
    status: str | None, shop: Shop, states: States, context: LambdaContext
) -> None:
    if status:
        states.put(EXECUTION, status, DOCUMENT)
    assert sweep(context) == (1, 0)
    assert_checkout_undone(shop)


def test_a_checkout_that_may_still_be_answered_is_left_alone(
    shop: Shop, states: States, context: LambdaContext, tables: Any
) -> None:
    states.put(EXECUTION, "RUNNING", DOCUMENT)
    before = tables.rows()
    assert sweep(context) == (1, 0)
    assert tables.rows() == before


def expire(held: Held, *, seconds: int = -1, arn: str = ARN) -> None:
    """The reservation runs out that many seconds from now."""
    at = int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())
    held.reserve(ExecutionArn=arn, Expiring="yes", ExpiresAt=at)


@pytest.mark.parametrize("status", ["FAILED", None], ids=["ended", "gone"])
def test_a_reservation_that_ran_out_is_fenced_voided_and_released(
    status: str | None, held: Held, states: States, context: LambdaContext
) -> None:
    if status:
        states.put(status=status)
    expire(held)
    assert sweep(context) == (0, 1)
    held.assert_undone()
    assert list(held.reviews) == [f"Recovery {ARN}"]
    assert sweep(context) == (0, 0)


def test_a_reservation_that_ran_out_is_left_to_an_execution_that_runs(
    held: Held, states: States, context: LambdaContext, tables: Any
) -> None:
    states.put(status="RUNNING")
    expire(held)
    before = tables.rows()
    assert sweep(context) == (0, 1)
    assert tables.rows() == before


def test_a_reservation_that_has_time_left_is_not_swept(held: Held, context: LambdaContext) -> None:
    expire(held, seconds=60)
    assert sweep(context) == (0, 0)


def test_a_reservation_of_an_order_that_stands_is_left_to_it(
    held: Held, states: States, context: LambdaContext
) -> None:
    states.put(status="SUCCEEDED")
    expire(held)
    before = held.put_row("PROCESSED")
    assert sweep(context) == (0, 1)
    assert held.row == before
    held.assert_held()


def test_what_an_order_that_is_closed_still_holds_is_given_back(
    held: Held, states: States, context: LambdaContext
) -> None:
    states.put()
    expire(held)
    closed = {"ClosedAt": "2026-01-01", "ClosedBy": ARN}
    held.orders.fence(ID, ARN, {"Reason": "OutOfStock", "Cause": "why"})
    held.orders.close(ID, ARN, "Unsuccessful", {})
    before = held.row
    assert closed.keys() <= before.keys()
    assert sweep(context) == (0, 1)
    assert held.row == before
    assert (held.operations[-1], held.reservation) == ("refund", "RELEASED")


def test_a_reservation_by_an_execution_that_was_started_for_another_order_describes_none(
    held: Held, states: States, context: LambdaContext
) -> None:
    arn = states.put(ANOTHER, given={**INPUT, "orderId": "o-9", "customerId": "c-9"})
    expire(held, arn=arn)
    assert sweep(context) == (0, 1)
    held.assert_undone(by=ANOTHER)
    assert "CustomerId" not in held.row


def test_a_checkouts_reservation_that_ran_out_gives_back_all_that_the_checkout_holds(
    shop: Shop, context: LambdaContext
) -> None:
    shop.put("Reservations", **{**shop.reservation(), "ExpiresAt": 1})
    shop.set(UpdatedAt=ago())
    assert sweep(context) == (0, 1)
    assert_checkout_undone(shop)


def test_one_order_that_fails_holds_up_no_other_and_no_reservation(
    store: Store, held: Held, states: States, context: LambdaContext, log: StringIO
) -> None:
    good = "99999999-2222-4333-8444-555555555555"
    store.put_order(UpdatedAt=ago(minutes=20), QueuedAt="not a time")
    store.put_order(OrderId=good)
    expire(held)
    with pytest.raises(SweepIncomplete, match="1 of 2"):
        sweep(context)
    assert [sent["orderId"] for sent in store.messages()] == [good]
    held.assert_undone()
    assert ORDER_ID in log.getvalue()


def test_one_reservation_that_fails_holds_up_no_other(
    held: Held, states: States, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    void = held.gateway.void

    class Gateway:
        def void(self, order_id: str) -> Any:
            if order_id == ID:
                raise PaymentGatewayUnavailable("no answer")
            return void(order_id)

    monkeypatch.setattr(payments_wiring, "gateway", Gateway)
    expire(held)
    other: Row = {"OrderId": "o-2", "Status": "RESERVED", "Items": [], "ExecutionArn": ANOTHER}
    held.put("Reservations", **other, Expiring="yes", ExpiresAt=1)
    with pytest.raises(SweepIncomplete, match="1 of 2"):
        sweep(context)
    assert {row["OrderId"]: "ClosedAt" in row for row in held.rows("CustomerOrders")} == {
        ID: False,
        "o-2": True,
    }
