"""The rules that money follows, each with the fault that would break it injected."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from local import evidence
from local.orders import machine_input
from local.result import Result
from local.scenario import Fault
from local.settling import settle
from local.stack import Stack
from tests.embedded.conftest import Judge, Orders
from tests.embedded.helpers import finish, put_stock
from tests.embedded.seen import ledger, operations, order, outcomes, published, steps

BEFORE_THE_RECORD = ("AuthorizePayment", "ReserveStock", "CapturePayment", "RecordOrder")
AFTER_THE_FENCE = ("VoidPayment", "ReleaseStock", "RecordManualReview", "CloseOrder")
FOUND = (("RecordOrder", "after"), ("ReserveStock", "after"))
"""What is lost for ever and stands all the same: the next attempt finds it."""
VOIDED, REFUNDED = ["authorize", "void"], ["authorize", "capture", "refund"]
UNDONE: tuple[list[str], ...] = ([], VOIDED, REFUNDED)
GIVEN_BACK = {"onHand": 1_000_000, "reserved": 0}
BROKEN = Fault("CapturePayment", "Some.Error", "after")
STATUSES = ("OrderStatus", "PaymentStatus", "ShippingStatus")


def statuses(result: Result) -> tuple[str, ...]:
    return tuple(order(result)[status] for status in STATUSES)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("state", BEFORE_THE_RECORD)
def test_a_task_before_the_record_that_never_answers_undoes_everything_or_the_record_stands(
    judge: Judge, orders: Orders, state: str, when: str
) -> None:
    result = judge.run(orders.scenario(Fault(state, "States.Timeout", when)))

    if (state, when) in FOUND:
        assert result.status == "SUCCEEDED", result.cause
        assert operations(result) == ["authorize", "capture"]
        assert published(result) == ["OrderProcessed"]
        assert statuses(result) == ("Confirmed", "Successful", "Pending")
        return
    money = "Refunded" if operations(result) == REFUNDED else "Unsuccessful"
    assert (result.status, result.error) == ("FAILED", "ProcessingError")
    assert statuses(result) == ("Failed", money, "Unsuccessful")
    assert (order(result)["State"], order(result)["Reason"]) == ("FAILED", "ProcessingError")
    assert order(result)["ClosedBy"] == result.execution
    assert operations(result) in UNDONE
    assert result.stock["item-1"] == GIVEN_BACK
    assert published(result) == ["ManualReviewRequired", "OrderRejected"]
    assert steps(result) == [state]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("state", AFTER_THE_FENCE)
def test_a_step_of_a_refusal_that_never_answers_is_finished_by_the_reconciler(
    judge: Judge, orders: Orders, state: str, when: str
) -> None:
    result = judge.run(orders.scenario(BROKEN, Fault(state, "States.Timeout", when)))

    assert (result.status, result.error) == ("FAILED", "ProcessingError")
    assert operations(result) == REFUNDED
    assert result.stock["item-1"] == GIVEN_BACK
    assert order(result)["ClosedBy"] == result.execution
    assert statuses(result) == ("Failed", "Refunded", "Unsuccessful")
    assert published(result) == ["ManualReviewRequired", "OrderRejected"]
    (review,) = result.manualReview
    assert review["ExecutionArn"] == result.execution
    assert "refunded" in review["Done"]


def test_a_refusal_that_cannot_be_recorded_is_recorded_by_the_reconciler(
    judge: Judge, orders: Orders
) -> None:
    lost = Fault("RecordRefusal", "States.Timeout")
    result = judge.run(orders.scenario(lost, stock={"item-1": 0}))

    assert (result.status, result.error) == ("FAILED", "OutOfStock")
    assert order(result)["Reason"] == "ProcessingError"
    assert order(result)["ClosedBy"] == result.execution
    assert published(result) == ["ManualReviewRequired", "OrderRejected"]
    assert len(result.emails) == 1


@pytest.mark.parametrize("fault", [None, BROKEN])
def test_a_refusal_whose_record_was_never_confirmed_is_found_and_goes_on(
    judge: Judge, orders: Orders, fault: Fault | None
) -> None:
    faults = [Fault("RecordRefusal", "States.Timeout", "after"), *([fault] if fault else [])]
    result = judge.run(orders.scenario(*faults, stock={} if fault else {"item-1": 0}))

    reason = "ProcessingError" if fault else "OutOfStock"
    assert (result.error, order(result)["Reason"]) == (reason, reason)
    assert result.path[-2:] == ("CloseOrder", "RejectOrder")
    assert steps(result) == (["CapturePayment"] if fault else [])


@pytest.mark.parametrize("state", ["ReadStock", "ReadOrder"])
def test_what_cannot_be_read_undoes_nothing_that_was_recorded(
    judge: Judge, orders: Orders, state: str
) -> None:
    lost = {"ReadStock": "ReserveStock", "ReadOrder": "RecordOrder"}[state]
    broken = [Fault(lost, "States.Timeout", "after"), Fault(state, "States.Timeout")]
    result = judge.run(orders.scenario(*broken))

    assert (result.status, result.error) == ("FAILED", "ProcessingError")
    stands = state == "ReadOrder"
    assert order(result)["State"] == ("PROCESSED" if stands else "FAILED")
    assert operations(result) == (["authorize", "capture"] if stands else VOIDED)
    assert outcomes(result) == ["OrderProcessed" if stands else "OrderRejected"]
    assert steps(result) == ([] if stands else ["ReserveStock"])


def test_a_reservation_with_another_order_in_the_way_is_tried_again_after_a_pause(
    judge: Judge, orders: Orders
) -> None:
    lost = Fault("ReserveStock", "DynamoDb.TransactionCanceledException", "before", times=1)
    result = judge.run(orders.scenario(lost))

    assert result.status == "SUCCEEDED", result.cause
    assert [state for state in result.path if "Stock" in state] == [
        "ReserveStock",
        "ReadStock",
        "JudgeStock",
        "AwaitStock",
        "ReserveStock",
    ]
    assert result.stock["item-1"] == {"onHand": 999_998, "reserved": 2}


def test_more_orders_than_pieces_never_sell_a_piece_twice(stack: Stack, orders: Orders) -> None:
    put_stock(stack, on_hand=10)
    one = orders.scenario(items=[{"itemId": "item-1", "price": 10}])
    accepted = [machine_input(stack, one) for _ in range(16)]
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda order: finish(stack, order), accepted))
    settle(stack.cloud, stack.queues)

    sold = [row for row in rows if row["State"] == "PROCESSED"]
    captured = [one for order in accepted for one in ledger(stack, order["orderId"])]
    assert evidence.stock(stack, ["item-1"])["item-1"] == {
        "onHand": 10 - len(sold),
        "reserved": len(sold),
    }
    assert captured.count("capture") == len(sold) <= 10
    reasons = {row["Reason"] for row in rows if row["State"] == "FAILED"}
    assert reasons <= {"OutOfStock", "ProcessingError"}
    assert len(sold) == 10 or "ProcessingError" in reasons
