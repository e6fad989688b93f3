"""Fulfillment, executed: every way through the machine, and what it leaves behind."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest

import asl
from local.result import Result
from local.rows import typed
from local.runner import Runner
from local.scenario import Fault, Scenario
from local.stack import Stack
from tests.embedded.permissions import derived, without
from tests.embedded.test_secrecy import log_lines
from workflows import DEFINITIONS

ON_HAND = 10
TAKEN = {"onHand": ON_HAND - 1, "reserved": 0}
LEFT = {"onHand": ON_HAND, "reserved": 0}


def product(center: int, **changes: Any) -> dict[str, Any]:
    """A product of its own for each centre."""
    return {
        "fulfillmentCenterId": f"fc-{center}",
        "id": f"item-{center}",
        "name": "a thing",
        "price": 500,
        "quantity": 1,
        **changes,
    }


def scenario(
    *faults: Fault, centers: int = 2, session: dict[str, Any] | None = None, **changes: Any
) -> Scenario:
    """A paid session of its own, of one product for each centre."""
    row = {
        "SessionId": str(uuid4()),
        "CustomerId": "c-1",
        "PaymentStatus": "Success",
        "Products": [product(center) for center in range(1, centers + 1)],
        "Currency": "USD",
        "Email": "jane.roe@example.com",
        "Address": "7 Secret Road, Singapore",
        **(session or {}),
    }
    stock = {f"item-{center}": ON_HAND for center in range(1, centers + 1)}
    given = {"stock": stock, "sessions": (row,), "input": {"SessionId": row["SessionId"]}}
    return Scenario(name="a session", workflow="fulfillment", faults=faults, **{**given, **changes})


def again(before: Scenario, *faults: Fault, **changes: Any) -> Scenario:
    """The same session, whose row is left as it is; the stock is set anew."""
    return replace(before, sessions=(), faults=faults, **changes)


def told(result: Result) -> list[str]:
    return [event["detail-type"] for event in result.events]


def asked(result: Result) -> list[tuple[str, str]]:
    """What the fulfillment centres were asked for, by centre."""
    return sorted(
        (message["fulfillmentCenterId"], message["messageType"].removeprefix("Shipment"))
        for message in result.fulfillmentRequests
    )


def broken(*states: str) -> tuple[Fault, ...]:
    return tuple(Fault(state, "States.TaskFailed") for state in states)


@dataclass(frozen=True)
class Way:
    """One way through the machine: what breaks, and what is there before."""

    faults: tuple[Fault, ...] = ()
    session: dict[str, Any] = field(default_factory=dict)
    order: dict[str, Any] | None = None
    fulfilled: bool = False

    def take(self, stack: Stack, runner: Runner) -> Result:
        taken = scenario(*self.faults, centers=1, session=self.session)
        if self.order:
            put_order(stack, {"OrderId": taken.input["SessionId"], **self.order})
        if self.fulfilled:
            runner.run(replace(taken, faults=()))
            taken = again(taken, *self.faults)
        return runner.run(taken)


def put_order(stack: Stack, row: dict[str, Any]) -> None:
    stack.cloud.client("dynamodb").put_item(
        TableName=stack.table("CustomerOrders"), Item=typed({"CustomerId": "c-1", **row})
    )


UNPAID = {"PaymentStatus": "Pending"}
REFUSED = "DynamoDB.ConditionalCheckFailedException"
WAYS = {
    "fulfilled": Way(),
    "fulfilled, but not told": Way(broken("PublishOrderFulfilled")),
    "fulfilled before": Way(fulfilled=True),
    "fulfilled before, but not read": Way(broken("ReadOrder"), fulfilled=True),
    "not recorded": Way(broken("RecordFulfillment")),
    "not recorded, for the order is another": Way((Fault("RecordFulfillment", REFUSED),)),
    "not in stock": Way(broken("UpdateInventory")),
    "not sent": Way(broken("SendToFulfillmentCenter")),
    "neither": Way(broken("UpdateInventory", "SendToFulfillmentCenter")),
    "not in stock, not cancelled": Way(broken("UpdateInventory", "CancelShipments")),
    "not sent, not cancelled": Way(broken("SendToFulfillmentCenter", "CancelShipments")),
    "neither, not cancelled": Way(
        broken("UpdateInventory", "SendToFulfillmentCenter", "CancelShipments")
    ),
    "not planned": Way(broken("PlanShipments")),
    "not claimed": Way(broken("ClaimSession")),
    "not paid": Way(session=UNPAID),
    "not paid, and refused before": Way(session=UNPAID, order={"State": "PENDING"}),
    "not paid, and not read": Way(broken("RefuseSession"), session=UNPAID),
    "not paid, and not recorded": Way(broken("RecordPaymentNotReceived"), session=UNPAID),
}


@pytest.fixture(scope="module")
def taken(stack: Stack, runner: Runner) -> dict[str, Result]:
    return {name: way.take(stack, runner) for name, way in WAYS.items()}


def possible_ways() -> set[tuple[str, ...]]:
    """Every way through the definition; a group that failed is what leads to CancelShipments."""
    ways = {tuple(sorted(path.states)) for path in asl.count_paths(DEFINITIONS["fulfillment"]())}
    failed = {"InventoryNotUpdated", "RequestNotSent"}
    return {way for way in ways if bool(failed & {*way}) == ("CancelShipments" in way)}


def test_every_way_through_the_machine_is_taken(taken: dict[str, Result]) -> None:
    assert {tuple(sorted(result.path)) for result in taken.values()} == possible_ways()


def test_an_execution_succeeds_exactly_where_nothing_was_left_undone(
    taken: dict[str, Result],
) -> None:
    succeeded = {name for name, result in taken.items() if result.status == "SUCCEEDED"}

    assert succeeded == {"fulfilled", "fulfilled, but not told", "fulfilled before"}


def test_every_failure_but_a_missing_payment_reaches_support_once(
    taken: dict[str, Result],
) -> None:
    for name, result in taken.items():
        reviewed = result.status == "FAILED" and result.error != "PaymentNotReceived"
        assert told(result).count("ManualReviewRequired") == int(reviewed), name
        assert bool(result.manualReview) == reviewed, name
        for review in result.manualReview:
            assert all(review[column] for column in ("Failed", "Done", "ToDo")), name


def test_a_customer_is_told_once_of_an_outcome_and_nothing_of_an_error(
    taken: dict[str, Result],
) -> None:
    for name, result in taken.items():
        expected = {"fulfilled": ["OrderFulfilled"], "not paid": ["PaymentNotReceived"]}
        outcomes = [one for one in told(result) if one != "ManualReviewRequired"]
        assert outcomes == expected.get(name, []), name
        assert len(result.emails) == len(outcomes), name


def test_where_a_group_may_have_been_sent_its_centre_is_told_to_cancel(
    taken: dict[str, Result],
) -> None:
    assert asked(taken["fulfilled"]) == [("fc-1", "Requested")]
    assert asked(taken["not in stock"]) == [("fc-1", "Cancelled"), ("fc-1", "Requested")]


@pytest.mark.parametrize("state", ["RecordManualReview", "RequestManualReview"])
def test_an_error_stays_the_same_when_nobody_can_be_called(runner: Runner, state: str) -> None:
    result = runner.run(scenario(*broken("PlanShipments", state)))

    assert (result.status, result.error) == ("FAILED", "ProcessingError")
    assert len(result.manualReview) + told(result).count("ManualReviewRequired") >= 1


TASKS = (
    "ClaimSession",
    "PlanShipments",
    "UpdateInventory",
    "SendToFulfillmentCenter",
    "RecordFulfillment",
    "PublishOrderFulfilled",
)


@pytest.mark.parametrize("state", TASKS)
def test_a_lost_answer_changes_nothing_but_the_number_of_transitions(
    runner: Runner, state: str
) -> None:
    result = runner.run(scenario(Fault(state, "States.Timeout", "after", times=1)))

    assert result.status == "SUCCEEDED", result.cause
    assert result.transitions > 12
    assert result.stock == {"item-1": TAKEN, "item-2": TAKEN}
    assert asked(result) == [("fc-1", "Requested"), ("fc-2", "Requested")]
    assert set(told(result)) == {"OrderFulfilled"}
    assert len(result.emails) == 1


def test_a_cancellation_whose_answer_was_lost_is_made_once_and_reviewed_once(
    runner: Runner,
) -> None:
    lost = Fault("CancelShipments", "Lambda.ServiceException", "after", times=1)
    result = runner.run(scenario(lost, centers=1, stock={"item-1": 0}))

    assert (result.status, result.error) == ("FAILED", "ProcessingError")
    assert "OutOfStock" in str(result.cause)
    (review,) = result.manualReview
    assert review["Step"] == "Fulfill fc-1"
    assert review["Done"] == "no stock taken; request cancelled"
    assert asked(result) == [("fc-1", "Cancelled"), ("fc-1", "Requested")]
    assert told(result) == ["ManualReviewRequired"]


def test_running_the_same_session_again_changes_nothing(runner: Runner) -> None:
    first = scenario()
    before = runner.run(first)
    after = runner.run(again(first))

    assert (before.status, after.status) == ("SUCCEEDED", "SUCCEEDED")
    assert after.order == before.order
    assert after.stock == {"item-1": LEFT, "item-2": LEFT}
    assert (asked(after), told(after)) == ([], [])
    assert (len(before.emails), after.emails) == (1, [])


def test_products_and_customers_that_another_system_counts_are_shipped(runner: Runner) -> None:
    counted = {"Products": [product(1, id=8, fulfillmentCenterId=7)], "CustomerId": 5}
    result = runner.run(scenario(session={**counted, "Email": "not an address"}))

    assert result.status == "SUCCEEDED", result.cause
    assert result.order is not None
    assert result.order["CustomerId"] == "5"
    assert result.stock["8"]["onHand"] > 0
    assert (asked(result), result.emails) == ([("7", "Requested")], [])


def test_a_refused_session_that_was_paid_later_is_fulfilled(runner: Runner) -> None:
    first = scenario(session=UNPAID)
    refused = runner.run(first)
    (row,) = first.sessions
    result = runner.run(replace(first, sessions=({**row, "PaymentStatus": "Success"},)))

    assert refused.error == "PaymentNotReceived"
    assert result.order is not None
    assert result.order["State"] == "FULFILLED"
    assert (result.order["OrderStatus"], result.order["PaymentStatus"]) == (
        "Confirmed",
        "Successful",
    )
    assert "Reason" not in result.order
    assert told(result) == ["OrderFulfilled"]


def test_a_second_execution_does_only_what_the_first_left_out(runner: Runner) -> None:
    short = {"item-1": ON_HAND, "item-2": 0, "item-3": ON_HAND}
    first = scenario(centers=3, stock=short)
    failed = runner.run(first)
    resumed = runner.run(again(first, stock=dict.fromkeys(short, ON_HAND)))

    assert failed.stock == {
        "item-1": TAKEN,
        "item-2": {"onHand": 0, "reserved": 0},
        "item-3": TAKEN,
    }
    assert [review["Step"] for review in failed.manualReview] == ["Fulfill fc-2"]
    assert resumed.status == "SUCCEEDED"
    assert resumed.stock == {"item-1": LEFT, "item-2": TAKEN, "item-3": LEFT}
    assert asked(resumed) == [("fc-2", "Requested")]
    assert resumed.order is not None
    assert len(resumed.order["Shipments"]) == 3
    assert told(resumed) == ["OrderFulfilled"]


@pytest.mark.parametrize("state", ["UpdateInventory", "SendToFulfillmentCenter"])
def test_a_half_that_was_done_is_not_done_again(runner: Runner, state: str) -> None:
    first = scenario(*broken(state), centers=1)
    runner.run(first)
    resumed = runner.run(again(first))

    assert resumed.status == "SUCCEEDED"
    taken_now = TAKEN if state == "UpdateInventory" else LEFT
    assert resumed.stock == {"item-1": taken_now}
    assert asked(resumed) == [("fc-1", "Requested")]


@pytest.mark.parametrize(
    "given", [{}, {"SessionId": ""}, {"SessionId": 5}, {"SessionId": "x" * 99}]
)
def test_an_input_without_a_session_id_is_refused_at_the_edge(
    runner: Runner, given: dict[str, Any]
) -> None:
    result = runner.run(scenario(input=given))

    assert result.status == "REFUSED"
    assert result.cause is not None
    assert "SessionId" in result.cause


NEEDED = (
    Way(),
    Way(session=UNPAID),
    Way(session={"Products": []}),
    Way(broken("UpdateInventory")),
    Way(fulfilled=True),
)
"""Ways that together enter every state that calls something."""


def outcome(result: Result) -> dict[str, Any]:
    row = result.order or {}
    return {
        "status": (result.status, result.error),
        "told": sorted(told(result)),
        "row": (row.get("State"), row.get("Reason")),
        "review": [review["Step"] for review in result.manualReview],
    }


@pytest.fixture(scope="module")
def usual(stack: Stack, runner: Runner) -> list[dict[str, Any]]:
    return [outcome(way.take(stack, runner)) for way in NEEDED]


@pytest.mark.parametrize(("action", "resource"), derived("fulfillment"))
def test_without_a_derived_permission_some_session_ends_differently(
    stack: Stack, runner: Runner, usual: list[dict[str, Any]], action: str, resource: str
) -> None:
    with without(stack, "fulfillment", action, resource):
        changed = (
            outcome(way.take(stack, runner)) != before
            for way, before in zip(NEEDED, usual, strict=True)
        )
        assert any(changed), f"{action} on {resource} is granted but never needed"


def test_nothing_personal_is_in_an_event_or_at_a_topic(taken: dict[str, Result]) -> None:
    for name, result in taken.items():
        for word in ("jane.roe@example.com", "7 Secret Road"):
            assert word not in str([result.events, result.topics, result.manualReview]), name


def test_nothing_personal_of_a_session_is_in_any_log(
    stack: Stack, taken: dict[str, Result]
) -> None:
    lines = [line for line in log_lines(stack) if taken["fulfilled"].output["orderId"] in line]

    assert lines, "the functions do log"
    for line in log_lines(stack):
        assert "jane.roe@example.com" not in line
        assert "7 Secret Road" not in line


def test_the_call_for_a_human_names_the_reviews_so_that_none_is_told_again(
    taken: dict[str, Result],
) -> None:
    called = [result for result in taken.values() if "ManualReviewRequired" in told(result)]

    assert len(called) > 5
    for result in called:
        assert all("PublishedAt" in review for review in result.manualReview)
