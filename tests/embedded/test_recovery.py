"""Executions that end where no state can catch it."""

from typing import Any

import pytest

from local import evidence
from local.orders import machine_input
from local.scenario import Fault
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.helpers import (
    expire,
    invoke,
    put_pending,
    put_stock,
    start,
    wait_for,
)

TASKS_BEFORE_THE_RECORD = ("AuthorizePayment", "ReserveStock", "CapturePayment", "RecordOrder")
UNDONE: tuple[list[str], ...] = ([], ["authorize", "void"], ["authorize", "capture", "refund"])


@pytest.mark.parametrize("state", TASKS_BEFORE_THE_RECORD)
def test_an_execution_aborted_anywhere_is_undone_by_the_reconciler(
    unhurried: Stack, orders: Any, state: str
) -> None:
    """The state is held in its retries while the execution is stopped."""
    error = "Lambda.SdkClientException" if "Payment" in state else "DynamoDb.SdkClientException"
    order = machine_input(unhurried, orders.scenario())
    put_stock(unhurried)
    unhurried.cloud.inject([vars(Fault(state, error, "after"))])
    execution = start(unhurried, order)
    wait_for(unhurried, execution, state)
    unhurried.cloud.client("stepfunctions").stop_execution(executionArn=execution)
    unhurried.cloud.inject([])
    settle(unhurried.cloud, unhurried.queues)

    row = evidence.order_row(unhurried, order["orderId"])
    assert row is not None
    ledger = [entry["operation"] for entry in evidence.payments(unhurried, order["orderId"])]
    if row["State"] == "PROCESSED":
        assert state == "RecordOrder"
        assert ledger == ["authorize", "capture"]
    else:
        assert (row["State"], row["Reason"]) == ("FAILED", "ProcessingError")
        assert ledger in UNDONE
        assert evidence.stock(unhurried, ["item-1"])["item-1"]["reserved"] == 0
        assert evidence.manual_review(unhurried, order["orderId"])


def test_a_cancellation_that_comes_after_the_capture_is_refunded(
    unhurried: Stack, orders: Any
) -> None:
    """The record is held in its retries while the customer cancels."""
    order = machine_input(unhurried, orders.scenario())
    put_stock(unhurried)
    put_pending(unhurried, order["orderId"])
    unhurried.cloud.inject([vars(Fault("RecordOrder", "DynamoDb.SdkClientException"))])
    execution = start(unhurried, order)
    wait_for(unhurried, execution, "RecordOrder")
    put_pending(unhurried, order["orderId"], CancelRequested=True)
    unhurried.cloud.inject([])
    ended = await_end(unhurried, execution)

    row = evidence.order_row(unhurried, order["orderId"])
    assert ended["error"] == "OrderCancelled"
    assert row is not None
    assert (row["State"], row["PaymentStatus"]) == ("CANCELLED", "Refunded")
    ledger = [entry["operation"] for entry in evidence.payments(unhurried, order["orderId"])]
    assert ledger == ["authorize", "capture", "refund"]
    assert evidence.stock(unhurried, ["item-1"])["item-1"] == {"onHand": 100, "reserved": 0}


def test_an_expired_reservation_without_an_execution_is_released(
    unhurried: Stack, orders: Any
) -> None:
    order = machine_input(unhurried, orders.scenario())
    put_stock(unhurried)
    unhurried.cloud.inject([vars(Fault("CapturePayment", "Lambda.SdkClientException", "before"))])
    execution = start(unhurried, order)
    wait_for(unhurried, execution, "CapturePayment")
    expire(unhurried, order["orderId"])
    invoke(unhurried, "sweep-reservations")
    held = evidence.stock(unhurried, ["item-1"])["item-1"]
    assert held["reserved"] == 2, "the execution still runs"
    unhurried.cloud.client("stepfunctions").stop_execution(executionArn=execution)
    unhurried.cloud.inject([])
    settle(unhurried.cloud, unhurried.queues)
    invoke(unhurried, "sweep-reservations")

    assert evidence.stock(unhurried, ["item-1"])["item-1"]["reserved"] == 0
