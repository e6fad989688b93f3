"""Orders that were placed over HTTP and then cut off, or cancelled, at a bad moment."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from handlers.domain.clock import timestamp, utc_now
from handlers.domain.sweeping import PATIENCE
from local import evidence
from local.observer import Observer
from local.rows import typed
from local.scenario import Fault
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end, await_start
from tests.embedded.helpers import invoke, put_stock, wait_for
from tests.embedded.intake import api, captures, decided, place, unread

ROUNDS = 7
SHIPPED = (409, "SUCCEEDED")
OUTCOMES = {SHIPPED: ("FULFILLED", "capture"), (200, "FAILED"): ("CANCELLED", "refund")}
RACED = "raced"


@pytest.fixture
def stack(unhurried: Stack) -> Stack:
    put_stock(unhurried, on_hand=1000)
    return unhurried


@pytest.fixture
def observer(stack: Stack) -> Observer:
    found = Observer(stack.cloud, stack.outputs["eventBus"], stack.outputs["topics"])
    found.forget()
    return found


@pytest.fixture
def held(stack: Stack) -> Iterator[None]:
    """Nothing that an execution of order processing begins with takes effect."""
    faults = [
        Fault("AuthorizePayment", "Lambda.SdkClientException"),
        Fault("ReserveStock", "DynamoDb.SdkClientException"),
    ]
    stack.cloud.inject([vars(fault) for fault in faults])
    yield
    stack.cloud.inject([])


def told(observer: Observer, order_id: str) -> list[str]:
    return [event["detail-type"] for event in observer.seen(order_id).events]


def make_late(stack: Stack, order_id: str) -> None:
    """The order has waited for longer than a sweep is patient, and for less than a day."""
    stack.cloud.client("dynamodb").update_item(
        TableName=stack.table("CustomerOrders"),
        Key={"OrderId": {"S": order_id}},
        UpdateExpression="SET UpdatedAt = :then",
        ExpressionAttributeValues={":then": {"S": timestamp(utc_now() - 2 * PATIENCE)}},
    )


@pytest.mark.usefixtures("held")
def test_an_order_whose_execution_was_stopped_before_it_wrote_anything_is_closed_by_the_sweeper(
    stack: Stack, observer: Observer
) -> None:
    """The event that tells the reconciler of it comes late: the sweeper has been there."""
    with unread(stack, "unhappy-executions"):
        order_id = place(stack).document["orderId"]
        execution = await_start(stack, "order_processing", order_id)
        wait_for(stack, execution, "AuthorizePayment")
        stack.cloud.client("stepfunctions").stop_execution(executionArn=execution)
        ended = await_end(stack, execution)
        assert ended["status"] == "ABORTED", ended.get("cause")
        untouched = evidence.order_row(stack, order_id)
        make_late(stack, order_id)
        invoke(stack, "sweep-orders")
        swept = evidence.order_row(stack, order_id)

    row = decided(stack, order_id)
    assert untouched is not None
    assert untouched["State"] == "PENDING"
    assert swept is not None
    assert swept["State"] == "FAILED"
    assert (row["State"], row["Reason"], row["PaymentStatus"]) == (
        "FAILED",
        "ProcessingError",
        "Unsuccessful",
    )
    assert evidence.payments(stack, order_id) == []
    assert evidence.stock(stack, ["item-1"]) == {"item-1": {"onHand": 1000, "reserved": 0}}
    assert told(observer, order_id).count("OrderRejected") == 1
    assert len(evidence.emails(stack, order_id)) == 1
    (review,) = evidence.manual_review(stack, order_id)
    assert review["Done"]


def test_an_order_that_is_cancelled_while_its_message_waits_costs_nothing_and_is_told_once(
    stack: Stack, observer: Observer
) -> None:
    with unread(stack):
        order_id = place(stack).document["orderId"]
        wishes = [api(stack).send("POST", f"/orders/{order_id}/cancel") for _ in range(2)]

    row = decided(stack, order_id)
    assert [(wish.status, wish.document["state"]) for wish in wishes] == [(202, "PENDING")] * 2
    assert (row["State"], row["Reason"]) == ("CANCELLED", "OrderCancelled")
    assert (row["PaymentStatus"], row["Compensated"]) == ("Unsuccessful", True)
    assert "Waiting" not in row
    assert captures(stack, order_id) == 0
    assert evidence.stock(stack, ["item-1"]) == {"item-1": {"onHand": 1000, "reserved": 0}}
    assert told(observer, order_id) == ["OrderCancelled"]
    (mail,) = evidence.emails(stack, order_id)
    assert "is cancelled" in mail["subject"]


def sell_the_raced(stack: Stack) -> None:
    row = {
        "ProductId": RACED,
        "OnHand": ROUNDS,
        "Reserved": 0,
        "Price": 1000,
        "Currency": "USD",
        "FulfillmentCenterId": "fc-1",
    }
    stack.cloud.client("dynamodb").put_item(TableName=stack.table("Inventory"), Item=typed(row))


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
    sell_the_raced(stack)
    items: Any = {"items": [{"itemId": RACED, "price": 10}]}
    placed = [place(stack, orderContents=items, orderTotal=10) for _ in range(ROUNDS)]
    orders = [answer.document["orderId"] for answer in placed]
    assert {decided(stack, order_id)["State"] for order_id in orders} == {"PROCESSED"}

    ends = [race(stack, order, (n - ROUNDS // 2) / 30) for n, order in enumerate(orders)]

    settle(stack.cloud, stack.queues)
    for order_id, end in zip(orders, ends, strict=True):
        state, operation = OUTCOMES[end]
        row = decided(stack, order_id)
        assert row["State"] == state
        assert evidence.payments(stack, order_id)[-1]["operation"] == operation
        assert len(evidence.emails(stack, order_id)) == 2
    shipped = sum(end == SHIPPED for end in ends)
    left = {"onHand": ROUNDS - shipped, "reserved": 0}
    assert evidence.stock(stack, [RACED]) == {RACED: left}
