"""Finishing the order of an execution that could not do so itself."""

from typing import Any

import pytest

from handlers.domain.errors import PaymentVoided
from handlers.domain.order_recovery import Recovery
from handlers.domain.recovery import SUPPORT_TOLD, EndedExecution, Verdict
from tests.handlers.fakes import AT, Crash, Fuse, World

ARN = "arn:aws:states:us-east-1:123456789012:execution:orders:o-1"
ORDER = {"orderId": "o-1", "customerId": "c-1", "orderTotal": 500, "currency": "USD"}
TIMED_OUT = EndedExecution(ORDER, ARN, "TIMED_OUT")
REFUSED = EndedExecution(ORDER, ARN, "FAILED", "OutOfStock", "not enough of it")
PENDING = {"OrderId": "o-1", "State": "PENDING"}
STEPS = 24


def recovery(world: World) -> Recovery:
    return Recovery(orders=world, reviews=world, payments=world, stock=world, events=world)


def interrupted(fuse: Fuse, row: dict[str, Any] | None = None) -> World:
    """An order whose execution ended right after the capture."""
    world = World(fuse=fuse, row=row, reservation="RESERVED")
    world.authorize("o-1", 500, "USD", "tok_visa")
    world.capture("o-1", 500, "USD")
    return world


def failed_row(**more: Any) -> dict[str, Any]:
    """The machine's own record of a refusal."""
    row = {"OrderId": "o-1", "State": "FAILED", "Reason": "OutOfStock", "Compensated": False}
    return {**row, "Cause": "not enough of it", "ExecutionArn": ARN, **more}


def assert_compensated(world: World) -> None:
    assert world.row is not None
    assert world.row["State"] == "FAILED"
    assert (world.row["Compensated"], world.row["PaymentStatus"]) == (True, "Refunded")
    operations = [entry.operation for entry in world.account.entries]
    assert operations == ["authorize", "capture", "refund"]
    assert (world.reservation, world.releases) == ("RELEASED", 1)
    assert all("Done" in review for review in world.reviews.values())


def test_an_order_left_behind_is_failed_refunded_released_and_told() -> None:
    world = interrupted(Fuse())
    assert recovery(world).reconcile(TIMED_OUT) is Verdict.COMPENSATED
    assert_compensated(world)
    assert world.told() == ["ManualReviewRequired", "OrderRejected"]
    assert world.published[1].detail == {
        "orderId": "o-1",
        "customerId": "c-1",
        "reason": "ProcessingError",
        "cause": "the execution ended TIMED_OUT",
    }
    assert world.review["Done"] == "payment: refunded; stock: released"


@pytest.mark.parametrize("steps", range(STEPS))
@pytest.mark.parametrize("row", [None, PENDING], ids=["new", "old"])
def test_after_a_crash_anywhere_the_next_delivery_finishes(
    steps: int, row: dict[str, Any] | None
) -> None:
    world = interrupted(Fuse(steps), row)
    with pytest.raises(Crash):
        recovery(world).reconcile(TIMED_OUT)
    recovery(world).reconcile(TIMED_OUT)
    assert_compensated(world)
    assert 1 <= world.told().count("ManualReviewRequired") <= 2


def test_the_crashes_cover_every_step() -> None:
    world = interrupted(Fuse(STEPS))
    recovery(world).reconcile(TIMED_OUT)
    assert world.fuse.left == 0


@pytest.mark.parametrize("steps", range(STEPS))
def test_the_customer_is_told_at_most_once_and_a_row_not_marked_is_left_to_the_republisher(
    steps: int,
) -> None:
    world = interrupted(Fuse(steps))
    with pytest.raises(Crash):
        recovery(world).reconcile(TIMED_OUT)
    recovery(world).reconcile(TIMED_OUT)
    assert world.row is not None
    assert world.told().count("OrderRejected") <= 1
    assert "OrderRejected" in world.told() or "PublishedAt" not in world.row


def test_a_second_delivery_does_nothing() -> None:
    world = interrupted(Fuse())
    recovery(world).reconcile(TIMED_OUT)
    told = world.told()
    assert recovery(world).reconcile(TIMED_OUT) is Verdict.COMPENSATED_BEFORE
    assert_compensated(world)
    assert world.told() == told


@pytest.mark.parametrize("state", ["PROCESSED", "FULFILLED", "REFUNDED", "CANCELLED"])
def test_an_order_that_was_recorded_stands(state: str) -> None:
    world = interrupted(Fuse(), {"OrderId": "o-1", "State": state})
    assert recovery(world).reconcile(TIMED_OUT) is Verdict.STANDS
    assert [entry.operation for entry in world.account.entries] == ["authorize", "capture"]
    assert (world.reservation, world.told(), world.reviews) == ("RESERVED", [], {})


def test_an_order_whose_customer_cancelled_it_is_cancelled_rather_than_failed() -> None:
    world = interrupted(Fuse(), {**PENDING, "CancelRequested": True})
    assert recovery(world).reconcile(TIMED_OUT) is Verdict.COMPENSATED
    assert world.row is not None
    assert (world.row["State"], world.row["Compensated"]) == ("CANCELLED", True)
    assert (world.reservation, world.releases) == ("RELEASED", 1)
    assert world.told() == ["ManualReviewRequired", "OrderCancelled"]


def test_a_cancellation_that_the_machine_recorded_is_finished_and_not_told_again() -> None:
    row = {**PENDING, "State": "CANCELLED", "Reason": "OrderCancelled", "Cause": "as asked"}
    world = interrupted(Fuse(), {**row, "ExecutionArn": ARN, "Compensated": False})
    ended = EndedExecution(ORDER, ARN, "FAILED", "OrderCancelled", "as asked")
    assert recovery(world).reconcile(ended) is Verdict.COMPENSATED
    assert world.row is not None
    assert (world.row["State"], world.row["Compensated"]) == ("CANCELLED", True)
    assert world.told() == []
    assert recovery(world).reconcile(ended) is Verdict.COMPENSATED_BEFORE


def test_a_record_that_lands_before_the_fence_stands() -> None:
    class Late(World):
        def refuse(self, *args: Any) -> Any:
            self.row = {"OrderId": "o-1", "State": "PROCESSED"}
            return super().refuse(*args)

    world = Late(reservation="COMMITTED")
    assert recovery(world).reconcile(TIMED_OUT) is Verdict.STANDS
    assert (world.reservation, world.told()) == ("COMMITTED", [])


def test_a_machines_own_refusal_keeps_its_reason_and_is_not_told_twice() -> None:
    world = interrupted(Fuse(), failed_row())
    assert recovery(world).reconcile(REFUSED) is Verdict.COMPENSATED
    assert_compensated(world)
    assert world.row is not None
    assert world.row["Reason"] == "OutOfStock"
    assert (world.told(), world.reviews) == ([], {})


def test_the_review_that_a_machine_asked_for_learns_what_was_done_in_the_end() -> None:
    world = interrupted(Fuse(), failed_row())
    world.reviews["VoidPayment"] = {"Done": "not undone: VoidPayment"}
    recovery(world).reconcile(REFUSED)
    done = "payment: refunded; stock: released"
    assert world.reviews == {"VoidPayment": {"Done": done}}


def test_a_machine_that_never_learnt_that_its_refusal_was_recorded_has_told_nobody() -> None:
    """Its error may be the recorded one all the same; then only its cause is another."""
    world = interrupted(Fuse(), failed_row(Reason="ProcessingError"))
    ended = EndedExecution(ORDER, ARN, "FAILED", "ProcessingError", "it could not be recorded")
    recovery(world).reconcile(ended)
    assert world.told() == ["ManualReviewRequired", "OrderRejected"]
    assert_compensated(world)


def test_a_refusal_that_was_never_recorded_keeps_the_reason_that_its_machine_ended_with() -> None:
    world = interrupted(Fuse())
    said = f"the refusal could not be recorded{SUPPORT_TOLD}"
    recovery(world).reconcile(EndedExecution(ORDER, ARN, "FAILED", "OutOfStock", said))
    assert_compensated(world)
    assert world.row is not None
    assert world.row["Reason"] == "OutOfStock"
    assert (world.told(), world.published[0].detail["reason"]) == (["OrderRejected"], "OutOfStock")


def test_support_that_a_machine_told_is_not_told_again() -> None:
    world = interrupted(Fuse())
    said = f"it could not be recorded{SUPPORT_TOLD}"
    recovery(world).reconcile(EndedExecution(ORDER, ARN, "FAILED", "ProcessingError", said))
    assert world.told() == ["OrderRejected"]
    assert "Untold" not in world.review
    assert world.review["Failed"] == (
        "the execution ended FAILED: ProcessingError: it could not be recorded"
    )


@pytest.mark.parametrize(
    ("status", "error"), [("FAILED", "States.Runtime"), ("ABORTED", "Stopped")]
)
def test_a_cause_that_no_machine_of_ours_worded_is_not_repeated(status: str, error: str) -> None:
    """Step Functions may quote the execution's input in it, and people whatever they like."""
    world = World()
    recovery(world).reconcile(EndedExecution(ORDER, ARN, status, error, "{'email': ...}"))
    assert world.review["Failed"] == f"the execution ended {status}: {error}"


def test_a_refusal_recorded_by_a_machine_that_then_timed_out_is_told() -> None:
    world = interrupted(Fuse(), failed_row())
    recovery(world).reconcile(TIMED_OUT)
    assert world.told() == ["ManualReviewRequired", "OrderRejected"]
    assert world.published[1].detail["reason"] == "OutOfStock"


def test_an_outcome_that_was_seen_on_the_bus_is_not_told_again() -> None:
    world = interrupted(Fuse(), failed_row(PublishedAt=AT))
    recovery(world).reconcile(TIMED_OUT)
    assert world.told() == ["ManualReviewRequired"]
    assert_compensated(world)


def test_a_payment_that_cannot_be_voided_leaves_a_call_for_a_human_and_no_false_mark() -> None:
    class Unreachable(World):
        def void(self, order_id: str) -> Any:
            raise PaymentVoided("the gateway is gone")

    world = Unreachable(reservation="RESERVED")
    for _ in range(3):
        with pytest.raises(PaymentVoided):
            recovery(world).reconcile(TIMED_OUT)
    assert world.row is not None
    assert world.row["Compensated"] is False
    assert world.told() == ["ManualReviewRequired"]
    assert "Done" not in world.review


def test_an_order_of_which_only_the_id_is_known_is_finished_too() -> None:
    world = World()
    gone = EndedExecution({"orderId": "o-1"}, ARN, "GONE")
    assert recovery(world).reconcile(gone) is Verdict.COMPENSATED
    assert world.review["Done"] == "payment: nothing; stock: none was reserved"
    assert "customerId" not in world.published[1].detail


def test_what_lands_after_the_compensation_is_refused() -> None:
    world = World()
    recovery(world).reconcile(TIMED_OUT)
    with pytest.raises(PaymentVoided):
        world.authorize("o-1", 500, "USD", "tok_visa")


def test_a_sweep_releases_what_a_compensated_order_still_holds() -> None:
    world = World(row=failed_row(Compensated=True), reservation="RESERVED")
    assert recovery(world).sweep(TIMED_OUT) is Verdict.COMPENSATED_BEFORE
    assert (world.reservation, world.releases) == ("RELEASED", 1)


def test_a_sweep_leaves_a_standing_orders_stock_alone() -> None:
    world = World(row={"OrderId": "o-1", "State": "PROCESSED"}, reservation="RESERVED")
    assert recovery(world).sweep(TIMED_OUT) is Verdict.STANDS
    assert world.reservation == "RESERVED"
