"""The rules that money follows, each with the fault that would break it injected."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local import evidence
from local.orders import machine_input
from local.result import Result
from local.runner import Runner
from local.scenario import Fault
from local.settling import settle
from local.stack import Stack
from tests.embedded.helpers import age, age_review, finish, invoke, put_stock

TASKS_BEFORE_THE_RECORD = ("AuthorizePayment", "ReserveStock", "CapturePayment", "RecordOrder")
UNDONE: tuple[list[str], ...] = ([], ["authorize", "void"], ["authorize", "capture", "refund"])


def operations(result: Result) -> list[str]:
    return [entry["operation"] for entry in result.payments]


def told(result: Result) -> list[str]:
    return [event["detail-type"] for event in result.events]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", ["States.Timeout", "Lambda.Unknown"])
@pytest.mark.parametrize("state", TASKS_BEFORE_THE_RECORD)
def test_an_error_before_the_record_undoes_everything_or_the_record_stands(
    runner: Runner, orders: Any, state: str, error: str, when: str
) -> None:
    result = runner.run(orders.scenario(Fault(state, error, when)))

    assert result.order is not None
    found = (state, when) == ("RecordOrder", "after") or (
        (state, error, when) == ("ReserveStock", "States.Timeout", "after")
    )
    if found:  # the record stands, or the next attempt meets the reservation of the first
        assert result.status == "SUCCEEDED"
        assert operations(result) == ["authorize", "capture"]
        assert told(result) == ["OrderProcessed"]
        return
    assert (result.status, result.error) == ("FAILED", "ProcessingError")
    assert (result.order["State"], result.order["Reason"]) == ("FAILED", "ProcessingError")
    assert operations(result) in UNDONE
    assert result.stock["item-1"] == {"onHand": 1_000_000, "reserved": 0}
    assert sorted(told(result)) == ["ManualReviewRequired", "OrderRejected"]
    assert [review["Step"] for review in result.manualReview] == [state]


@pytest.mark.parametrize("state", TASKS_BEFORE_THE_RECORD)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_transient_error_changes_nothing_but_the_number_of_transitions(
    runner: Runner, orders: Any, state: str, when: str
) -> None:
    error = (
        "Lambda.TooManyRequestsException"
        if state.endswith("Payment")
        else "DynamoDb.ThrottlingException"
    )
    result = runner.run(orders.scenario(Fault(state, error, when, times=2)))

    assert result.status == "SUCCEEDED", result.cause
    assert operations(result) == ["authorize", "capture"]
    assert result.stock["item-1"] == {"onHand": 999_998, "reserved": 2}
    assert result.transitions >= 9


def test_a_reservation_with_another_order_in_the_way_is_tried_again_after_a_pause(
    runner: Runner, orders: Any
) -> None:
    lost = Fault("ReserveStock", "DynamoDb.TransactionCanceledException", "before", times=1)
    result = runner.run(orders.scenario(lost))

    assert result.status == "SUCCEEDED", result.cause
    assert [state for state in result.path if "Stock" in state] == [
        "ReserveStock",
        "ReadStock",
        "JudgeStock",
        "AwaitStock",
        "ReserveStock",
    ]
    assert result.stock["item-1"] == {"onHand": 999_998, "reserved": 2}


def test_a_publication_that_fails_is_left_to_the_republisher(
    runner: Runner, orders: Any, stack: Stack
) -> None:
    result = runner.run(orders.scenario(Fault("PublishOrderProcessed", "States.Timeout")))

    assert result.status == "SUCCEEDED"
    assert told(result) == []
    assert result.order is not None
    assert result.order["Unpublished"] == "yes"
    age(stack, result.order["OrderId"])
    invoke(stack, "republish-outcomes")
    settle(stack.cloud, stack.queues)
    row = evidence.order_row(stack, result.order["OrderId"])
    assert row is not None
    assert "Unpublished" not in row
    assert row["PublishedAt"]


def test_a_told_outcome_is_marked_as_published(runner: Runner, orders: Any) -> None:
    for scenario in (orders.scenario(), orders.scenario(stock={"item-1": 0})):
        row = runner.run(scenario).order
        assert row is not None
        assert row["PublishedAt"]
        assert "Unpublished" not in row


STATUSES = ("OrderStatus", "PaymentStatus", "ShippingStatus")
NOTHING_HAPPENED = ("Failed", "Unsuccessful", "Unsuccessful")
MONEY_CAME_BACK = ("Failed", "Refunded", "Unsuccessful")


@pytest.mark.parametrize(
    ("faults", "given", "statuses"),
    [
        ((), {}, ("Confirmed", "Successful", "Pending")),
        ((), {"stock": {"item-1": 0}}, NOTHING_HAPPENED),
        ((), {"payment": {"token": "tok_chargeDeclined"}}, NOTHING_HAPPENED),
        ((Fault("CapturePayment", "Some.Error"),), {}, NOTHING_HAPPENED),
        ((Fault("RecordOrder", "Some.Error"),), {}, MONEY_CAME_BACK),
        (
            (Fault("RecordOrder", "Some.Error"), Fault("VoidPayment", "Some.Error")),
            {},
            MONEY_CAME_BACK,
        ),
        (
            (Fault("RecordOrder", "Some.Error"), Fault("RecordRefusal", "Some.Error")),
            {},
            MONEY_CAME_BACK,
        ),
    ],
)
def test_every_orders_row_says_how_order_payment_and_shipping_stand(
    runner: Runner, orders: Any, faults: Any, given: Any, statuses: tuple[str, ...]
) -> None:
    row = runner.run(orders.scenario(*faults, **given)).order

    assert row is not None
    assert tuple(row[status] for status in STATUSES) == statuses


@pytest.mark.parametrize("state", ["VoidPayment", "ReleaseStock"])
def test_a_compensation_that_fails_calls_a_human_and_is_finished_by_the_reconciler(
    runner: Runner, orders: Any, state: str
) -> None:
    broken = Fault("CapturePayment", "States.Timeout", "after")
    result = runner.run(orders.scenario(broken, Fault(state, "States.Timeout")))

    (review,) = result.manualReview
    assert (review["Step"], review["Done"]) == (state, "payment: refunded; stock: released")
    assert operations(result) == ["authorize", "capture", "refund"]
    assert result.stock["item-1"] == {"onHand": 1_000_000, "reserved": 0}
    assert result.order is not None
    assert result.order["Compensated"] is True
    assert sorted(told(result)) == ["ManualReviewRequired", "OrderRejected"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_refusal_that_cannot_be_recorded_is_finished_by_the_reconciler(
    runner: Runner, orders: Any, when: str
) -> None:
    """Nobody knows then whether it was recorded; each is told its reason once all the same."""
    fault = Fault("RecordRefusal", "DynamoDB.InternalServerError", when)
    result = runner.run(orders.scenario(fault, stock={"item-1": 0}))

    assert (result.status, result.error) == ("FAILED", "OutOfStock")
    assert result.order is not None
    assert (result.order["State"], result.order["Reason"]) == ("FAILED", "OutOfStock")
    assert operations(result) == ["authorize", "void"]
    assert sorted(told(result)) == ["ManualReviewRequired", "OrderRejected"]
    (review,) = result.manualReview
    assert "Untold" not in review


def test_a_technical_refusal_whose_record_was_never_confirmed_is_told_too(
    runner: Runner, orders: Any
) -> None:
    """The execution then ends with the very error that the row has as its reason."""
    broken = Fault("CapturePayment", "Lambda.Unknown")
    unsure = Fault("RecordRefusal", "States.Timeout", "after")
    result = runner.run(orders.scenario(broken, unsure))

    assert sorted(told(result)) == ["ManualReviewRequired", "OrderRejected"]
    assert len(result.emails) == 1


def test_a_call_for_a_human_that_nobody_heard_is_left_to_the_republisher(
    runner: Runner, orders: Any, stack: Stack
) -> None:
    broken = Fault("CapturePayment", "Lambda.Unknown")
    result = runner.run(orders.scenario(broken, Fault("RequestManualReview", "States.Timeout")))

    assert told(result) == ["OrderRejected"]
    (review,) = result.manualReview
    assert review["Untold"] == "yes"
    age_review(stack, review)
    invoke(stack, "republish-outcomes")
    settle(stack.cloud, stack.queues)
    (review,) = evidence.manual_review(stack, review["OrderId"])
    assert "Untold" not in review
    assert review["PublishedAt"]


def test_more_orders_than_pieces_never_sell_a_piece_twice(stack: Stack, orders: Any) -> None:
    put_stock(stack, on_hand=10)
    one = orders.scenario(items=[{"itemId": "item-1", "price": 10}])
    accepted = [machine_input(stack, one) for _ in range(16)]
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda order: finish(stack, order), accepted))
    settle(stack.cloud, stack.queues)

    sold = [row for row in rows if row["State"] == "PROCESSED"]
    captured = [
        entry
        for order in accepted
        for entry in evidence.payments(stack, order["orderId"])
        if entry["operation"] == "capture"
    ]
    assert evidence.stock(stack, ["item-1"])["item-1"] == {
        "onHand": 10 - len(sold),
        "reserved": len(sold),
    }
    assert len(captured) == len(sold) <= 10
    reasons = {row["Reason"] for row in rows if row["State"] == "FAILED"}
    assert reasons <= {"OutOfStock", "ProcessingError"}
    assert len(sold) == 10 or "ProcessingError" in reasons


def test_the_same_order_started_twice_is_charged_once(stack: Stack, orders: Any) -> None:
    order = machine_input(stack, orders.scenario())
    put_stock(stack)
    first = finish(stack, order)
    again = finish(stack, order, name=f"{order['orderId']}-2")

    assert first["ChargeId"] == again["ChargeId"]
    ledger = [entry["operation"] for entry in evidence.payments(stack, order["orderId"])]
    assert ledger == ["authorize", "capture"]
    assert evidence.stock(stack, ["item-1"])["item-1"]["reserved"] == 2


def test_a_second_run_that_fails_does_not_undo_an_order_that_stands(
    stack: Stack, orders: Any
) -> None:
    order = machine_input(stack, orders.scenario())
    put_stock(stack)
    finish(stack, order)
    stack.cloud.inject([vars(Fault("AuthorizePayment", "States.Timeout", "before"))])
    again = finish(stack, order, name=f"{order['orderId']}-2")
    stack.cloud.inject([])
    settle(stack.cloud, stack.queues)

    assert again["State"] == "PROCESSED"
    ledger = [entry["operation"] for entry in evidence.payments(stack, order["orderId"])]
    assert ledger == ["authorize", "capture"]
