"""Calls without an answer, in every task: made again where that is safe, and never for ever."""

from typing import Any

import pytest

from local.result import Result
from local.runner import Runner
from local.scenario import Fault
from tests.embedded.test_checkout import scenario as checkout

SUCCESS = ("AuthorizePayment", "ReserveStock", "CapturePayment", "RecordOrder")
REFUSAL = (
    "RecordRefusal",
    "VoidPayment",
    "ReleaseStock",
    "CloseOrder",
    "RecordManualReview",
    "RequestManualReview",
    "PublishOrderRejected",
)
FUNCTIONS = ("AuthorizePayment", "CapturePayment", "VoidPayment", "ReleaseStock")
BROKEN = Fault("CapturePayment", "Lambda.Unknown", "after")
GIVEN_BACK = {"onHand": 1_000_000, "reserved": 0}


def operations(result: Result) -> list[str]:
    return [entry["operation"] for entry in result.payments]


def told(result: Result) -> list[str]:
    return [event["detail-type"] for event in result.events]


def once(states: tuple[str, ...], when: str) -> list[Fault]:
    return [Fault(state, "States.Timeout", when, times=1) for state in states]


@pytest.mark.parametrize("when", ["before", "after"])
def test_one_lost_answer_in_every_task_does_not_fail_an_order(
    runner: Runner, orders: Any, when: str
) -> None:
    result = runner.run(orders.scenario(*once((*SUCCESS, "PublishOrderProcessed"), when)))

    assert result.status == "SUCCEEDED", result.cause
    assert operations(result) == ["authorize", "capture"]
    assert result.stock["item-1"] == {"onHand": 999_998, "reserved": 2}
    assert told(result) == ["OrderProcessed"] * (1 if when == "before" else 2)
    assert len(result.emails) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_one_lost_answer_in_every_task_does_not_spoil_a_refusal(
    runner: Runner, orders: Any, when: str
) -> None:
    result = runner.run(orders.scenario(BROKEN, *once(REFUSAL, when)))

    assert (result.status, result.error) == ("FAILED", "ProcessingError")
    assert operations(result) == ["authorize", "capture", "refund"]
    assert result.stock["item-1"] == GIVEN_BACK
    assert result.order is not None
    assert (result.order["State"], result.order["Compensated"]) == ("FAILED", True)
    assert [review["Step"] for review in result.manualReview] == ["CapturePayment"]
    assert set(told(result)) == {"ManualReviewRequired", "OrderRejected"}
    assert len(told(result)) == (2 if when == "before" else 4)
    assert len(result.emails) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_function_that_was_cut_off_once_is_called_again(
    runner: Runner, orders: Any, when: str
) -> None:
    cut_off = [Fault(state, "Sandbox.Timedout", when, times=1) for state in FUNCTIONS]
    processed = runner.run(orders.scenario(*cut_off))
    refused = runner.run(orders.scenario(*cut_off, Fault("RecordOrder", "Some.Error")))

    assert processed.status == "SUCCEEDED", processed.cause
    assert operations(processed) == ["authorize", "capture"]
    assert operations(refused) == ["authorize", "capture", "refund"]
    assert refused.order is not None
    assert refused.order["Compensated"] is True


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("state", REFUSAL)
def test_a_step_of_a_refusal_that_never_answers_leaves_nothing_held_and_nobody_in_the_dark(
    runner: Runner, orders: Any, state: str, when: str
) -> None:
    result = runner.run(orders.scenario(BROKEN, Fault(state, "States.Timeout", when)))

    assert (result.status, result.error) == ("FAILED", "ProcessingError")
    assert operations(result) == ["authorize", "capture", "refund"]
    assert result.stock["item-1"] == GIVEN_BACK
    assert result.order is not None
    assert (result.order["State"], result.order["Compensated"]) == ("FAILED", True)
    assert "ManualReviewRequired" in told(result) or result.manualReview
    assert "OrderRejected" in told(result) or "Unpublished" in result.order


def test_an_order_that_cannot_be_read_is_told_as_that_and_stands(
    runner: Runner, orders: Any
) -> None:
    unsure = Fault("RecordOrder", "States.Timeout", "after")
    result = runner.run(orders.scenario(unsure, Fault("ReadOrder", "States.Timeout")))

    assert (result.status, result.error) == ("FAILED", "ProcessingError")
    assert result.order is not None
    assert result.order["State"] == "PROCESSED"
    assert operations(result) == ["authorize", "capture"]
    (called,) = [each for each in result.events if each["detail-type"] == "ManualReviewRequired"]
    assert "could not be read" in called["detail"]["cause"]


CARTS = ("CreateOrder", "RecordPayment", "ConfirmOrder", "PublishOrderConfirmed")
CUT_OFF = ("RequestPayment", "RequestShipping")


@pytest.mark.parametrize("when", ["before", "after"])
def test_one_lost_answer_in_every_task_does_not_fail_a_checkout(runner: Runner, when: str) -> None:
    result = runner.run(checkout(*once(CARTS, when)))

    assert result.status == "SUCCEEDED", result.cause
    assert operations(result) == ["authorize", "capture"]
    assert result.stock["Orange"] == {"onHand": 8, "reserved": 2}
    assert set(told(result)) == {"OrderConfirmed"}
    assert len(result.emails) == 1


def test_a_request_that_was_cut_off_is_made_again(runner: Runner) -> None:
    cut_off = [Fault(state, "Sandbox.Timedout", "before", times=1) for state in CUT_OFF]
    result = runner.run(checkout(*cut_off))

    assert result.status == "SUCCEEDED", result.cause
    assert operations(result) == ["authorize", "capture"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_one_lost_answer_in_every_task_does_not_spoil_a_failed_checkout(
    runner: Runner, when: str
) -> None:
    failing = ("FailCheckout", "RequestManualReview", "PublishFailure")
    result = runner.run(checkout(Fault("ConfirmOrder", "Some.Error"), *once(failing, when)))

    assert (result.status, result.error) == ("FAILED", "ProcessingError")
    assert operations(result) == ["authorize", "capture", "refund"]
    assert result.stock["Orange"] == {"onHand": 10, "reserved": 0}
    assert set(told(result)) == {"ManualReviewRequired", "OrderRejected"}
    assert [review["Step"] for review in result.manualReview] == ["FailCheckout"]
    assert len(result.emails) == 1
