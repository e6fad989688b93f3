"""Orders that their customers cancel before they are recorded."""

from typing import Any

import pytest

from local import evidence
from local.orders import machine_input
from local.scenario import Fault
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.helpers import put_pending, put_stock, start

LOST = ("RecordCancellation", "CapturePayment", "CloseOrder", "PublishOrderRejected")


def cancelled(stack: Stack, orders: Any, *faults: Fault) -> tuple[dict[str, Any], dict[str, Any]]:
    """How the execution of a cancelled order ended, and the order's row."""
    order = machine_input(stack, orders.scenario())
    put_stock(stack)
    put_pending(stack, order["orderId"], CancelRequested=True)
    stack.cloud.inject([vars(fault) for fault in faults])
    ended = await_end(stack, start(stack, order))
    settle(stack.cloud, stack.queues)
    stack.cloud.inject([])
    row = evidence.order_row(stack, order["orderId"])
    assert row is not None
    return ended, row


def assert_given_back(stack: Stack, row: dict[str, Any]) -> None:
    assert (row["State"], row["Reason"]) == ("CANCELLED", "OrderCancelled")
    assert (row["OrderStatus"], row["PaymentStatus"]) == ("Failed", "Unsuccessful")
    assert row["Compensated"] is True
    assert "Waiting" not in row
    ledger = [entry["operation"] for entry in evidence.payments(stack, row["OrderId"])]
    assert ledger == ["authorize", "void"]
    assert evidence.stock(stack, ["item-1"])["item-1"] == {"onHand": 100, "reserved": 0}
    (mail,) = evidence.emails(stack, row["OrderId"])
    assert "is cancelled" in mail["subject"]


def test_an_order_that_was_cancelled_is_not_captured(stack: Stack, orders: Any) -> None:
    ended, row = cancelled(stack, orders)

    assert (ended["status"], ended["error"]) == ("FAILED", "OrderCancelled")
    assert_given_back(stack, row)
    assert row["PublishedAt"]
    assert evidence.manual_review(stack, row["OrderId"]) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_one_lost_answer_in_a_step_does_not_spoil_a_cancellation(
    stack: Stack, orders: Any, when: str
) -> None:
    once = [Fault(state, "States.Timeout", when, times=1) for state in LOST]
    ended, row = cancelled(stack, orders, *once)

    assert ended["error"] == "OrderCancelled"
    assert_given_back(stack, row)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cancellation_that_cannot_be_recorded_is_finished_by_the_reconciler(
    stack: Stack, orders: Any, when: str
) -> None:
    ended, row = cancelled(stack, orders, Fault("RecordCancellation", "States.Timeout", when))

    assert ended["error"] == "ProcessingError"
    assert_given_back(stack, row)
    assert len(evidence.manual_review(stack, row["OrderId"])) == 1


def test_a_cancellation_that_cannot_be_undone_waits_for_the_reconciler(
    stack: Stack, orders: Any
) -> None:
    ended, row = cancelled(stack, orders, Fault("VoidPayment", "PaymentGatewayUnavailable"))

    assert ended["error"] == "OrderCancelled"
    assert_given_back(stack, row)
    (review,) = evidence.manual_review(stack, row["OrderId"])
    assert review["Done"] == "payment: voided; stock: released"


def test_an_order_that_waits_and_was_not_cancelled_is_processed(stack: Stack, orders: Any) -> None:
    order = machine_input(stack, orders.scenario())
    put_stock(stack)
    put_pending(stack, order["orderId"])
    await_end(stack, start(stack, order))

    row = evidence.order_row(stack, order["orderId"])
    assert row is not None
    assert row["State"] == "PROCESSED"
    assert "Waiting" not in row
    assert (row["OrderStatus"], row["PaymentStatus"], row["ShippingStatus"]) == (
        "Confirmed",
        "Successful",
        "Pending",
    )
