"""Executions that end where no state can catch it."""

from typing import Any

import pytest

from local import evidence
from local.orders import machine_input
from local.result import Result
from local.runner import Runner
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
UNCATCHABLE = ("States.Runtime", "States.DataLimitExceeded")
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


def told(result: Result) -> list[str]:
    return sorted(event["detail-type"] for event in result.events)


@pytest.mark.parametrize(
    ("state", "when", "money"),
    [
        ("CapturePayment", "before", ["authorize", "void"]),
        ("CapturePayment", "after", ["authorize", "capture", "refund"]),
        ("RecordOrder", "before", ["authorize", "capture", "refund"]),
    ],
)
@pytest.mark.parametrize("error", UNCATCHABLE)
@pytest.mark.usefixtures("unhurried")
def test_an_error_that_nothing_catches_is_undone_by_the_reconciler(
    runner: Runner, orders: Any, error: str, state: str, when: str, money: list[str]
) -> None:
    result = runner.run(orders.scenario(Fault(state, error, when)))

    assert (result.status, result.error, result.path[-1]) == ("FAILED", error, state)
    assert result.order is not None
    assert (result.order["State"], result.order["Reason"]) == ("FAILED", "ProcessingError")
    assert result.order["Compensated"] is True
    assert [entry["operation"] for entry in result.payments] == money
    assert result.stock["item-1"] == {"onHand": 1_000_000, "reserved": 0}
    assert len(result.manualReview) == 1
    assert told(result) == ["ManualReviewRequired", "OrderRejected"]


@pytest.mark.parametrize("error", UNCATCHABLE)
@pytest.mark.usefixtures("unhurried")
def test_an_order_that_was_recorded_stands_and_is_told_however_its_execution_ended(
    runner: Runner, orders: Any, error: str
) -> None:
    result = runner.run(orders.scenario(Fault("RecordOrder", error, "after")))

    assert (result.status, result.error) == ("FAILED", error)
    assert result.order is not None
    assert result.order["State"] == "PROCESSED"
    assert [entry["operation"] for entry in result.payments] == ["authorize", "capture"]
    assert result.stock["item-1"] == {"onHand": 999_998, "reserved": 2}
    assert told(result) == ["OrderProcessed"]
    assert result.order["PublishedAt"]
    assert (len(result.emails), result.manualReview) == (1, [])


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
