"""Fulfillment, executed: every way through the machine, and what it leaves behind."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest

import asl
from local.result import Result
from local.scenario import Action, Fault, FunctionFault, Scenario
from local.stack import Stack
from tests.embedded.conftest import Judge
from tests.embedded.helpers import change, ended, fulfill, holding, path, put, struck
from tests.embedded.seen import REVIEW, order, outcomes, published, rows, steps
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
    *faults: Fault | FunctionFault,
    centers: int = 2,
    session: dict[str, Any] | None = None,
    **changes: Any,
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

    def take(self, stack: Stack, judge: Judge) -> Result:
        taken = scenario(*self.faults, centers=1, session=self.session)
        if self.order:
            put(stack, "CustomerOrders", OrderId=taken.input["SessionId"], **self.order)
        if self.fulfilled:
            judge.run(replace(taken, faults=()))
            taken = again(taken, *self.faults)
        return judge.run(taken, judged=not (self.order or self.fulfilled))


UNPAID = {"PaymentStatus": "Pending"}
WAITS = {"State": "PENDING", "CustomerId": "c-1"}
REFUSED_BY_ANOTHER = {
    "State": "FAILED",
    "Reason": "OutOfStock",
    "CustomerId": "c-1",
    "ClosedAt": "2026-01-01T00:00:00.000Z",
    "ClosedBy": "arn:aws:states:us-east-1:000000000000:execution:another:one",
}
REFUSED = "DynamoDB.ConditionalCheckFailedException"
WAYS = {
    "fulfilled": Way(),
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
    "not paid, and not read": Way(broken("ReadSession"), session=UNPAID),
    "not paid, and not refused": Way(broken("RefuseSession"), session=UNPAID),
    "not paid, and refused before": Way(session=UNPAID, order=REFUSED_BY_ANOTHER),
    "not paid, and the order waits": Way(session=UNPAID, order=WAITS),
    "not paid, and nobody knows why": Way(broken("ReadStanding"), session=UNPAID, order=WAITS),
}


@pytest.fixture(scope="module")
def taken(stack: Stack, judge: Judge) -> dict[str, Result]:
    return {name: way.take(stack, judge) for name, way in WAYS.items()}


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

    assert succeeded == {"fulfilled", "fulfilled before", "not paid, and refused before"}


def test_every_failure_but_a_missing_payment_has_a_review_that_support_hears_of(
    taken: dict[str, Result],
) -> None:
    for name, result in taken.items():
        closed = (result.order or {}).get("ClosedBy") == result.execution
        reviewed = result.status == "FAILED" and not closed
        assert bool(result.manualReview) == reviewed, name
        heard = [one["detail"]["eventId"] for one in result.events if one["detail-type"] == REVIEW]
        assert sorted(heard) == [f"{r['OrderId']}:{r['ReviewId']}" for r in result.manualReview]
        for review in result.manualReview:
            assert review["ExecutionArn"] == result.execution, name
            assert all(review[column] for column in ("Reason", "Cause", "ToDo")), name


def test_a_customer_is_notified_once_of_an_outcome_and_of_no_error(
    taken: dict[str, Result],
) -> None:
    for name, result in taken.items():
        expected = {"fulfilled": ["OrderFulfilled"], "not paid": ["PaymentNotReceived"]}
        assert outcomes(result) == expected.get(name, []), name
        assert len(result.emails) == len(outcomes(result)), name


def test_where_a_group_may_have_been_sent_its_centre_is_asked_to_cancel(
    taken: dict[str, Result],
) -> None:
    assert asked(taken["fulfilled"]) == [("fc-1", "Requested")]
    assert asked(taken["not in stock"]) == [("fc-1", "Cancelled"), ("fc-1", "Requested")]


TASKS = (
    "ClaimSession",
    "PlanShipments",
    "UpdateInventory",
    "SendToFulfillmentCenter",
    "RecordFulfillment",
    "ReadSession",
    "RefuseSession",
    "CancelShipments",
    "RecordManualReview",
)
OWN_NAMES = ("PaymentNotReceived", "SessionNotFound", "ProcessingError")


@pytest.mark.parametrize("state", TASKS)
def test_an_execution_that_is_stopped_under_a_name_of_the_machines_own_has_a_review(
    judge: Judge, state: str
) -> None:
    """Of all that an end is, only a row that says so is believed."""
    error = OWN_NAMES[TASKS.index(state) % len(OWN_NAMES)]
    leads = {"CancelShipments": "UpdateInventory", "RecordManualReview": "PlanShipments"}
    result = judge.run(
        scenario(
            *broken(*(leads[state],) if state in leads else ()),
            centers=1,
            session=UNPAID if state in ("ReadSession", "RefuseSession") else None,
            actions=(Action("stop", state, error),),
        )
    )

    assert (result.status, result.error) == ("ABORTED", error)
    if state in ("RecordFulfillment", "RefuseSession"):
        recorded = {"RecordFulfillment": "FULFILLED", "RefuseSession": "FAILED"}[state]
        assert (order(result)["State"], result.manualReview) == (recorded, [])
        return
    (review,) = result.manualReview
    kept = {"CancelShipments": "Fulfill fc-1", "RecordManualReview": "PlanShipments"}
    assert review["Step"] == kept.get(state, "Fulfillment")
    assert published(result) == [REVIEW]


@pytest.mark.parametrize("error", ["Lambda.Unknown", "DynamoDB.InternalServerError"])
def test_a_review_that_the_machine_cannot_open_is_opened_by_the_reconciler(
    judge: Judge, error: str
) -> None:
    broken = [Fault("PlanShipments", "Lambda.Unknown"), Fault("RecordManualReview", error)]
    result = judge.run(scenario(*broken, centers=1))

    assert (result.status, result.error) == ("FAILED", "ProcessingError")
    assert steps(result) == ["Fulfillment"]
    assert published(result) == [REVIEW]


def refused(stack: Stack, session: dict[str, Any], state: str, *faults: Fault) -> list[str]:
    """The states of an execution whose session is paid while it stands after a state's call."""
    put(stack, "CustomerPaymentSession", **session)
    put(stack, "Inventory", ProductId="item-1", OnHand=ON_HAND, Reserved=0)
    with (
        struck(stack, *faults, workflow="fulfillment"),
        holding(stack, state, "fulfillment") as standing,
    ):
        execution = fulfill(stack, session["SessionId"])
        standing()
        key = {"SessionId": session["SessionId"]}
        change(stack, "CustomerPaymentSession", key, PaymentStatus="Success")
        stack.cloud.release(execution)
        assert ended(stack, execution)["status"] == "SUCCEEDED"
    return path(stack, execution)


@pytest.mark.parametrize("state", ["ReadSession", "RefuseSession"])
def test_a_session_that_is_paid_while_it_is_refused_is_claimed_after_all(
    stack: Stack, state: str
) -> None:
    """Before the refusal is written, or while its answer is lost."""
    lost = Fault("RefuseSession", "States.Timeout", "after", times=1)
    faults = [lost] if state == "RefuseSession" else []
    (session,) = scenario(centers=1, session=UNPAID).sessions
    entered = refused(stack, dict(session), state, *faults)
    found = rows(stack, session["SessionId"])

    assert entered[:3] == ["ClaimSession", "ReadSession", "RefuseSession"]
    assert entered[3:6] == ["ReadStanding", "WhyNotRefused", "ClaimSession"]
    assert found["CustomerOrders"]["State"] == "FULFILLED"
    assert not found["CustomerOrders"].keys() & {"Reason", "ClosedAt", "ClosedBy"}
    assert found["CustomerPaymentSession"]["ClaimedAt"]
    assert found["Notifications"]["OrderFulfilled"] == "SENT"
    assert found["ManualReview"] == []


def test_running_the_same_session_again_changes_nothing(judge: Judge) -> None:
    first = scenario()
    before = judge.run(first)
    after = judge.run(again(first), judged=False)

    assert (before.status, after.status) == ("SUCCEEDED", "SUCCEEDED")
    assert after.order == before.order
    assert after.stock == {"item-1": LEFT, "item-2": LEFT}
    assert (asked(after), published(after)) == ([], [])
    assert (len(before.emails), after.emails) == (1, [])


def test_products_and_customers_that_another_system_counts_are_shipped(judge: Judge) -> None:
    counted = {"Products": [product(1, id=8, fulfillmentCenterId=7)], "CustomerId": 5}
    unreachable = {**counted, "Email": "not an address"}
    result = judge.run(scenario(session=unreachable), judged=False)

    assert result.status == "SUCCEEDED", result.cause
    assert order(result)["CustomerId"] == "5"
    assert result.stock["8"]["onHand"] > 0
    assert (asked(result), result.emails) == ([("7", "Requested")], [])


def test_a_refused_session_that_was_paid_later_is_fulfilled(judge: Judge) -> None:
    first = scenario(session=UNPAID)
    refused = judge.run(first)
    (row,) = first.sessions
    result = judge.run(replace(first, sessions=({**row, "PaymentStatus": "Success"},)))

    assert refused.error == "PaymentNotReceived"
    found = order(result)
    statuses = (found["State"], found["OrderStatus"], found["PaymentStatus"])
    assert statuses == ("FULFILLED", "Confirmed", "Successful")
    assert "Reason" not in found
    assert published(result) == ["OrderFulfilled"]


def test_a_second_execution_does_only_what_the_first_left_out(judge: Judge) -> None:
    short = {"item-1": ON_HAND, "item-2": 0, "item-3": ON_HAND}
    first = scenario(centers=3, stock=short)
    failed = judge.run(first)
    resumed = judge.run(again(first, stock=dict.fromkeys(short, ON_HAND)), judged=False)

    assert failed.stock == {
        "item-1": TAKEN,
        "item-2": {"onHand": 0, "reserved": 0},
        "item-3": TAKEN,
    }
    assert [review["Step"] for review in failed.manualReview] == ["Fulfill fc-2"]
    assert resumed.status == "SUCCEEDED"
    assert resumed.stock == {"item-1": LEFT, "item-2": TAKEN, "item-3": LEFT}
    assert asked(resumed) == [("fc-2", "Requested")]
    assert len(order(resumed)["Shipments"]) == 3
    assert published(resumed) == ["OrderFulfilled"]


@pytest.mark.parametrize("state", ["UpdateInventory", "SendToFulfillmentCenter"])
def test_a_half_that_was_done_is_not_done_again(judge: Judge, state: str) -> None:
    first = scenario(*broken(state), centers=1)
    judge.run(first)
    resumed = judge.run(again(first), judged=False)

    assert resumed.status == "SUCCEEDED"
    taken_now = TAKEN if state == "UpdateInventory" else LEFT
    assert resumed.stock == {"item-1": taken_now}
    assert asked(resumed) == [("fc-1", "Requested")]


@pytest.mark.parametrize(
    "given", [{}, {"SessionId": ""}, {"SessionId": 5}, {"SessionId": "x" * 99}]
)
def test_an_input_without_a_session_id_is_refused_at_the_edge(
    judge: Judge, given: dict[str, Any]
) -> None:
    result = judge.run(scenario(input=given))

    assert result.status == "REFUSED"
    assert result.cause is not None
    assert "SessionId" in result.cause
