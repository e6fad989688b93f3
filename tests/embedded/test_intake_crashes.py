"""Orders that were placed over HTTP and then cut off, or cancelled, at a bad moment."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from handlers.recovery.rules.waiting_order_sweeper import PATIENCE
from handlers.shared.rules.clock import timestamp, utc_now
from local import evidence
from local.observer import Observer
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.helpers import change, holding, invoke, put_stock, row_of
from tests.embedded.intake import api, captures, decided, place, unread
from tests.embedded.seen import ledger, watch

ROUNDS = 7
SHIPPED, CANCELLED = 409, 200
OUTCOMES = {SHIPPED: ("FULFILLED", "capture"), CANCELLED: ("CANCELLED", "refund")}
"""By how the customer's wish to cancel was answered."""
RACED = "raced"
FULL = {"item-1": {"onHand": 1000, "reserved": 0}}


@pytest.fixture(autouse=True)
def stocked(stack: Stack) -> None:
    put_stock(stack, on_hand=1000)


@pytest.fixture
def observer(stack: Stack) -> Observer:
    return watch(stack)


def published(observer: Observer, order_id: str) -> list[str]:
    return [event["detail-type"] for event in observer.seen(order_id).events]


def make_late(stack: Stack, order_id: str) -> None:
    """The order has waited for longer than a sweep is patient, and for less than a day."""
    then = timestamp(utc_now() - 2 * PATIENCE)
    change(stack, "CustomerOrders", {"OrderId": order_id}, UpdatedAt=then)


def test_an_order_whose_execution_was_stopped_before_it_wrote_anything_is_closed_by_the_sweeper(
    stack: Stack, observer: Observer
) -> None:
    """The event that brings the reconciler comes late: the sweeper has been there."""
    with unread(stack, "unhappy-executions"):
        with holding(stack, "AuthorizePayment") as standing:
            order_id = place(stack).document["orderId"]
            execution = standing()
            stack.cloud.client("stepfunctions").stop_execution(executionArn=execution)
            ended = await_end(stack, execution)
        assert ended["status"] == "ABORTED", ended.get("cause")
        untouched = row_of(stack, order_id)
        make_late(stack, order_id)
        invoke(stack, "sweep_orders")
        swept = row_of(stack, order_id)

    row = decided(stack, order_id)
    assert (untouched["State"], swept["State"]) == ("PENDING", "FAILED")
    assert row == swept
    assert (row["Reason"], row["PaymentStatus"]) == ("ProcessingError", "Unsuccessful")
    assert row["ClosedBy"] == execution
    assert ledger(stack, order_id) == ["authorize", "void"]
    assert evidence.stock(stack, ["item-1"]) == FULL
    heard = published(observer, order_id)
    assert sorted(heard) == ["ManualReviewRequired", "OrderRejected"]
    assert len(evidence.emails(stack, order_id)) == 1
    (review,) = evidence.manual_review(stack, order_id)
    assert review["Done"]


def test_an_order_that_is_cancelled_while_its_message_waits_costs_nothing_and_is_published_once(
    stack: Stack, observer: Observer
) -> None:
    with unread(stack):
        order_id = place(stack).document["orderId"]
        wishes = [api(stack).send("POST", f"/orders/{order_id}/cancel") for _ in range(2)]

    row = decided(stack, order_id)
    assert [(wish.status, wish.document["state"]) for wish in wishes] == [(202, "PENDING")] * 2
    assert (row["State"], row["Reason"]) == ("CANCELLED", "OrderCancelled")
    assert (row["PaymentStatus"], row["ClosedBy"]) == ("Unsuccessful", row["ExecutionArn"])
    assert captures(stack, order_id) == 0
    assert evidence.stock(stack, ["item-1"]) == FULL
    assert published(observer, order_id) == ["OrderCancelled"]
    (mail,) = evidence.emails(stack, order_id)
    assert "is cancelled" in mail["subject"]


def race(stack: Stack, order_id: str, head_start: float) -> tuple[int, str]:
    """Cancel an order and fulfill it at once; the answer's status and how the execution ended."""
    start = Barrier(2)

    def fulfill() -> str:
        start.wait()
        time.sleep(max(0.0, head_start))
        started = stack.cloud.client("stepfunctions").start_execution(
            stateMachineArn=stack.outputs["stateMachines"]["fulfillment"],
            name=order_id,
            input=json.dumps({"SessionId": order_id}),
        )
        return str(await_end(stack, started["executionArn"])["status"])

    def cancel() -> int:
        start.wait()
        time.sleep(max(0.0, -head_start))
        return api(stack).send("POST", f"/orders/{order_id}/cancel").status

    with ThreadPoolExecutor(2) as pool:
        ended, answered = pool.submit(fulfill), pool.submit(cancel)
        return answered.result(), ended.result()


def test_of_a_cancellation_and_the_shipping_of_the_same_order_exactly_one_wins(
    stack: Stack,
) -> None:
    put_stock(stack, on_hand=ROUNDS, item=RACED)
    items: Any = {"items": [{"itemId": RACED, "price": 10}]}
    placed = [place(stack, orderContents=items, orderTotal=10) for _ in range(ROUNDS)]
    orders = [answer.document["orderId"] for answer in placed]
    assert {decided(stack, order_id)["State"] for order_id in orders} == {"PROCESSED"}

    ends = [race(stack, order, (n - ROUNDS // 2) / 30) for n, order in enumerate(orders)]

    settle(stack.cloud, stack.queues)
    assert {ended for _, ended in ends} == {"SUCCEEDED"}, "a cancelled order's finds it cancelled"
    for order_id, (answer, _) in zip(orders, ends, strict=True):
        state, operation = OUTCOMES[answer]
        assert decided(stack, order_id)["State"] == state
        assert evidence.manual_review(stack, order_id) == []
        assert ledger(stack, order_id)[-1] == operation
        assert len(evidence.emails(stack, order_id)) == 2
    shipped = sum(answer == SHIPPED for answer, _ in ends)
    left = {"onHand": ROUNDS - shipped, "reserved": 0}
    assert evidence.stock(stack, [RACED]) == {RACED: left}
