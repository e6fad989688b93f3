"""Orders that their customers cancel: while they are processed, when they are paid, too late."""

from typing import Any

import pytest

from local import evidence
from local.orders import machine_input
from local.scenario import Action, Fault
from local.settling import settle
from local.stack import Stack
from tests.embedded.conftest import Judge, Orders
from tests.embedded.helpers import (
    change,
    ended,
    invoke,
    put_pending,
    put_stock,
    row_of,
    start,
    struck,
    sweep,
)
from tests.embedded.intake import api
from tests.embedded.seen import ledger, operations, order, outcomes, rows, watch

LOST = ("RecordCancellation", "CapturePayment", "CloseOrder")
VOIDED, REFUNDED = ["authorize", "void"], ["authorize", "capture", "refund"]


ITEM = "contradicted"
CONTRADICTED = [{"itemId": ITEM, "price": 10, "quantity": 2}]
"""An item of which no other order gives anything back."""


def cancelled(stack: Stack, orders: Orders, *faults: Fault) -> tuple[Any, dict[str, Any]]:
    """How the execution of an order ended that was cancelled before it began, and its row."""
    order = machine_input(stack, orders.scenario())
    put_stock(stack)
    put_pending(stack, order["orderId"], CancelRequested=True)
    with struck(stack, *faults):
        found = ended(stack, start(stack, order))
    return found, row_of(stack, order["orderId"])


def assert_given_back(stack: Stack, row: dict[str, Any]) -> None:
    assert (row["State"], row["Reason"]) == ("CANCELLED", "OrderCancelled")
    assert (row["OrderStatus"], row["PaymentStatus"]) == ("Failed", "Unsuccessful")
    assert row["ClosedBy"] == row["ExecutionArn"]
    assert "Waiting" not in row
    assert ledger(stack, row["OrderId"]) == VOIDED
    assert evidence.stock(stack, ["item-1"])["item-1"] == {"onHand": 100, "reserved": 0}
    (mail,) = evidence.emails(stack, row["OrderId"])
    assert "is cancelled" in mail["subject"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_one_lost_answer_in_a_step_does_not_spoil_a_cancellation(
    stack: Stack, orders: Orders, when: str
) -> None:
    once = [Fault(state, "States.Timeout", when, times=1) for state in LOST]
    found, row = cancelled(stack, orders, *once)

    assert (found["status"], found["error"]) == ("FAILED", "OrderCancelled")
    assert_given_back(stack, row)
    assert evidence.manual_review(stack, row["OrderId"]) == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("RecordCancellation", "States.Timeout"),
        Fault("VoidPayment", "PaymentGatewayUnavailable"),
        Fault("CloseOrder", "States.Timeout"),
    ],
)
def test_a_cancellation_that_a_machine_cannot_finish_is_finished_by_the_reconciler(
    stack: Stack, orders: Orders, fault: Fault
) -> None:
    found, row = cancelled(stack, orders, fault)

    assert found["error"] == "OrderCancelled"
    assert_given_back(stack, row)
    (review,) = evidence.manual_review(stack, row["OrderId"])
    assert (review["Step"], review["Done"]) == ("Recovery", "payment: voided; stock: released")


@pytest.mark.parametrize(
    ("state", "answer", "end", "money"),
    [
        ("ReserveStock", 202, "OrderCancelled", VOIDED),
        ("CapturePayment", 202, "OrderCancelled", REFUNDED),
        ("RecordOrder", 200, None, REFUNDED),
    ],
)
def test_an_order_may_be_cancelled_while_it_is_processed(
    judge: Judge, orders: Orders, state: str, answer: int, end: str | None, money: list[str]
) -> None:
    result = judge.run(orders.scenario(through="api", actions=(Action("cancel", state),)))

    assert [action["answer"] for action in result.actions] == [answer]
    assert result.error == end
    row = order(result)
    assert (row["State"], row["Reason"]) == ("CANCELLED", "OrderCancelled")
    assert row["ClosedBy"] == ("cancel_order" if end is None else result.execution)
    assert operations(result) == money
    assert result.stock["item-1"] == {"onHand": 1_000_000, "reserved": 0}
    assert result.manualReview == []
    assert "OrderCancelled" in outcomes(result)


@pytest.mark.parametrize("state", ["ClaimSession", "SendToFulfillmentCenter"])
def test_an_order_that_fulfillment_has_claimed_cannot_be_cancelled(
    judge: Judge, orders: Orders, state: str
) -> None:
    late = Action("cancel", f"fulfillment/{state}")
    result = judge.run(orders.scenario(follow=True, actions=(late,)))

    assert [action["answer"] for action in result.actions] == [409]
    assert order(result)["State"] == "FULFILLED"
    assert operations(result) == ["authorize", "capture"]
    assert outcomes(result) == ["OrderFulfilled", "OrderProcessed"]


def test_an_order_that_waits_and_was_not_cancelled_is_processed(
    stack: Stack, orders: Orders
) -> None:
    order = machine_input(stack, orders.scenario())
    put_stock(stack)
    put_pending(stack, order["orderId"])
    ended(stack, start(stack, order))

    row = row_of(stack, order["orderId"])
    assert row["State"] == "PROCESSED"
    assert "Waiting" not in row
    statuses = [row[name] for name in ("OrderStatus", "PaymentStatus", "ShippingStatus")]
    assert statuses == ["Confirmed", "Successful", "Pending"]


def test_what_cannot_be_given_back_is_handed_over_at_once_and_tried_until_it_succeeds(
    stack: Stack, judge: Judge, orders: Orders
) -> None:
    """The Inventory row contradicts the reservation, until somebody corrects it."""
    paid = order(judge.run(orders.scenario(items=CONTRADICTED)))["OrderId"]
    observer = watch(stack)
    change(stack, "Inventory", {"ProductId": ITEM}, Reserved=0)
    answer = api(stack).send("POST", f"/orders/{paid}/cancel")
    sweep(stack, paid)

    handed_over = rows(stack, paid)
    assert (answer.status, answer.document["state"]) == (200, "CANCELLED")
    row = handed_over["CustomerOrders"]
    assert row["HandedOverAt"]
    assert "ClosedAt" not in row
    assert row["Waiting"] == "yes"
    assert ledger(stack, paid) == REFUNDED
    (review,) = handed_over["ManualReview"]
    assert (review["Step"], review["ExecutionArn"]) == ("ReleaseStock", "cancel_order")
    assert "again every five minutes" in review["ToDo"]
    assert "is cancelled" in evidence.emails(stack, paid)[-1]["subject"]

    change(stack, "Inventory", {"ProductId": ITEM}, Reserved=2)
    sweep(stack, paid)

    closed = rows(stack, paid)
    assert closed["CustomerOrders"]["ClosedBy"] == "cancel_order"
    assert closed["CustomerOrders"]["PaymentStatus"] == "Refunded"
    assert "Waiting" not in closed["CustomerOrders"]
    (review,) = closed["ManualReview"]
    assert review["Done"] == "payment: refunded; stock: released"
    assert closed["Reservations"]["Status"] == "RELEASED"
    assert evidence.stock(stack, [ITEM])[ITEM] == {"onHand": 1_000_000, "reserved": 0}
    assert len(evidence.emails(stack, paid)) == 2
    heard = [event["detail-type"] for event in observer.seen(paid).events]
    assert sorted(heard) == ["ManualReviewRequired", "OrderCancelled"]


def test_a_refused_orders_stock_that_cannot_be_released_is_handed_over_too(
    stack: Stack, orders: Orders
) -> None:
    """The schedule that lists ended executions brings it to the reconciler once more."""
    declined = orders.scenario(items=CONTRADICTED, payment={"token": "tok_chargeDeclined"})
    order = machine_input(stack, declined)
    put_stock(stack, item=ITEM, reserved=-2)
    found = ended(stack, start(stack, order))
    handed_over = rows(stack, order["orderId"])
    change(stack, "Inventory", {"ProductId": ITEM}, Reserved=2)
    invoke(stack, "sweep_executions")
    settle(stack.cloud, stack.queues)
    closed = rows(stack, order["orderId"])

    assert found["error"] == "PaymentDeclined"
    assert handed_over["CustomerOrders"]["HandedOverAt"]
    assert "ClosedAt" not in handed_over["CustomerOrders"]
    (review,) = handed_over["ManualReview"]
    assert (review["Step"], review["ExecutionArn"]) == ("ReleaseStock", found["executionArn"])
    assert closed["CustomerOrders"]["ClosedBy"] == found["executionArn"]
    assert closed["ManualReview"][0]["Done"] == "payment: nothing; stock: released"
    (mail,) = evidence.emails(stack, order["orderId"])
    assert "could not be accepted" in mail["subject"]
