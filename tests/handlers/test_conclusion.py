"""What is said of an order after the execution that was to say it has ended."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from handlers.adapters.executions import Executions
from handlers.domain.conclusion import Conclusion
from handlers.domain.recovery import SUPPORT_TOLD, EndedExecution, Verdict
from handlers.domain.telling import Telling
from tests.handlers.fakes import World
from tests.handlers.test_recovery import ARN, ORDER, REFUSED, TIMED_OUT, failed_row, recovery

UNTOLD = {"Unpublished": "yes"}
UNCAUGHT = EndedExecution(ORDER, ARN, "FAILED", "States.Runtime", "the input is ...")
ABORTED = EndedExecution(ORDER, ARN, "ABORTED")
UNHEARD = EndedExecution(ORDER, ARN, "FAILED", "OutOfStock", "no answer")
HEARD = EndedExecution(ORDER, ARN, "FAILED", "OutOfStock", f"no answer{SUPPORT_TOLD}")


@dataclass(frozen=True)
class History:
    """Whether the execution came to its end's telling."""

    is_told: bool = False

    def may_have_told(self, arn: str) -> bool:
        assert arn == ARN
        return self.is_told


def conclude(world: World, ended: EndedExecution, history: History = History()) -> Verdict:
    telling = Telling(world, world, world)
    return Conclusion(recovery(world), world, telling, history).reconcile(ended)


def processed_row(**more: Any) -> dict[str, Any]:
    return {"OrderId": "o-1", "State": "PROCESSED", "ExecutionArn": ARN, **UNTOLD, **more}


def undone_row(**more: Any) -> dict[str, Any]:
    return failed_row(Compensated=True, **{**UNTOLD, **more})


@pytest.mark.parametrize("ended", [TIMED_OUT, ABORTED, UNCAUGHT])
def test_an_order_that_stands_is_told_once_and_calls_nobody(ended: EndedExecution) -> None:
    world = World(row=processed_row())
    assert [conclude(world, ended) for _ in range(2)] == [Verdict.STANDS] * 2
    assert (world.told(), world.reviews) == (["OrderProcessed"], {})


@pytest.mark.parametrize("ended", [TIMED_OUT, ABORTED, UNCAUGHT, UNHEARD])
def test_an_order_that_was_undone_is_told_and_reviewed_once(ended: EndedExecution) -> None:
    world = World(row=undone_row())
    assert [conclude(world, ended) for _ in range(2)] == [Verdict.COMPENSATED_BEFORE] * 2
    assert sorted(world.told()) == ["ManualReviewRequired", "OrderRejected"]
    assert world.review["Done"] == "everything was undone"


@pytest.mark.parametrize("row", [processed_row(), undone_row()])
def test_what_the_machine_may_have_told_is_left_to_the_republisher(row: dict[str, Any]) -> None:
    world = World(row=row)
    conclude(world, UNCAUGHT, History(is_told=True))
    assert world.row is not None
    assert "Unpublished" in world.row
    assert not {"OrderProcessed", "OrderRejected"} & set(world.told())


@pytest.mark.parametrize(
    "row",
    [
        processed_row(ExecutionArn=f"{ARN}-2"),
        undone_row(ExecutionArn=f"{ARN}-2"),
        undone_row(RecoveredFrom=ARN),
        processed_row(State="FULFILLED"),
        processed_row(State="CANCELLED"),
        processed_row(State="REFUNDED"),
    ],
    ids=["another's", "another's refusal", "a recovery's", "fulfilled", "cancelled", "refunded"],
)
def test_what_others_decided_they_tell_themselves(row: dict[str, Any]) -> None:
    world = World(row=row)
    conclude(world, UNCAUGHT)
    assert (world.told(), world.reviews) == ([], {})


@pytest.mark.parametrize("reason", ["OutOfStock", "OrderCancelled"])
def test_a_machine_that_came_to_its_own_end_needs_nobody(reason: str) -> None:
    """Its event may still be on its way when the execution has ended."""
    state = "CANCELLED" if reason == "OrderCancelled" else "FAILED"
    world = World(row=undone_row(State=state, Reason=reason))
    conclude(world, replace(REFUSED, error=reason))
    assert (world.told(), world.reviews) == ([], {})


def test_a_technical_end_whose_review_could_not_be_written_is_reviewed() -> None:
    world = World(row=undone_row(Reason="ProcessingError"))
    conclude(world, replace(REFUSED, error="ProcessingError"))
    assert (world.told(), world.review["Untold"]) == ([], "yes")


def test_what_is_undone_after_all_is_reviewed_where_the_machine_could_call_nobody() -> None:
    world = World(row=failed_row(**UNTOLD), reservation="RESERVED")
    assert conclude(world, REFUSED) is Verdict.COMPENSATED
    assert (world.told(), world.review["Untold"]) == ([], "yes")
    assert world.review["Failed"].endswith("OutOfStock: not enough of it")


@pytest.mark.parametrize(
    ("row", "ended", "done"),
    [
        (undone_row(), HEARD, "everything was undone"),
        (processed_row(), HEARD, "nothing was undone: the order stands"),
        (processed_row(ExecutionArn=f"{ARN}-2"), HEARD, "nothing was undone: the order stands"),
    ],
    ids=["undone", "stands", "another's"],
)
def test_support_that_the_machine_told_finds_a_review_and_is_told_no_more(
    row: dict[str, Any], ended: EndedExecution, done: str
) -> None:
    world = World(row=row)
    conclude(world, ended)
    assert "ManualReviewRequired" not in world.told()
    assert (world.review["Done"], "Untold" in world.review) == (done, False)


@pytest.mark.parametrize("ended", [UNCAUGHT, HEARD])
def test_a_review_that_was_asked_for_is_enough(ended: EndedExecution) -> None:
    asked = {"Failed": "an earlier look", "Untold": "yes"}
    world = World(row=undone_row(), reviews={"RecordOrder": dict(asked)})
    conclude(world, ended)
    assert (world.reviews, world.told()) == ({"RecordOrder": asked}, ["OrderRejected"])


@pytest.mark.parametrize("ended", [TIMED_OUT, HEARD])
def test_what_a_recovery_undid_and_told_is_not_told_again(ended: EndedExecution) -> None:
    world = World(reservation="RESERVED")
    conclude(world, ended)
    told = world.told()
    conclude(world, ended)
    assert told.count("OrderRejected") == 1
    assert (world.told(), len(world.reviews)) == (told, 1)


def executions(*events: dict[str, Any]) -> Executions:
    class Client:
        def get_execution_history(self, **request: Any) -> dict[str, Any]:
            assert request == {
                "executionArn": ARN,
                "reverseOrder": True,
                "includeExecutionData": False,
            }
            if not events:
                error = {"Error": {"Code": "ExecutionDoesNotExist"}}
                raise ClientError(error, "GetExecutionHistory")
            return {"events": list(events)}

    return Executions(Client())


def entered(state: str) -> dict[str, Any]:
    return {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": state}}


FAILED = {"type": "ExecutionFailed"}


@pytest.mark.parametrize(
    ("events", "may_have"),
    [
        ((FAILED, {"type": "TaskScheduled"}, entered("CloseOrder")), False),
        (({"type": "ExecutionAborted"},), False),
        ((FAILED, entered("RejectOrder"), entered("PublishOrderRejected")), True),
        ((entered("CloseOrder"),), True),
        ((), True),
    ],
    ids=["before", "nothing done", "came to it", "no end yet", "forgotten"],
)
def test_an_execution_told_nothing_only_if_its_history_says_so(
    events: tuple[dict[str, Any], ...], may_have: bool
) -> None:
    assert executions(*events).may_have_told(ARN) is may_have
