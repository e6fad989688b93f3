"""Fulfillment: its definition against the golden file, its groups in any number."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import asl
from tests.workflows.groups import STATES, group, judged, part
from tests.workflows.machines import EXECUTION, fill
from workflows import DEFINITIONS

GOLDEN = Path(__file__).parent / "fulfillment.json"
DEFINITION = DEFINITIONS["fulfillment"]()
GROUP = STATES["FulfillGroups"]["ItemProcessor"]["States"]["FulfillGroup"]


def test_the_definition_is_exactly_the_golden_file() -> None:
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == DEFINITION


def test_the_definition_has_no_problem() -> None:
    assert asl.check(DEFINITION) == []


@pytest.mark.parametrize("groups", [1, 2, 100])
def test_success_takes_five_transitions_and_three_for_each_group(groups: int) -> None:
    cheapest = asl.success_cost(DEFINITION, items=groups)

    assert cheapest.transitions == 5 + 3 * groups
    assert cheapest.lambda_calls == 1 + 2 * groups
    assert cheapest.states[-1] == "RecordFulfillment"


def test_a_session_that_is_not_paid_takes_four_transitions() -> None:
    refused = [path for path in asl.count_paths(DEFINITION) if path.states[-1] == "RejectSession"]
    shortest = min(refused, key=lambda path: path.transitions)

    assert {path.error for path in refused} == {"PaymentNotReceived"}
    assert (shortest.transitions, shortest.lambda_calls) == (4, 0)
    assert shortest.states == ("ClaimSession", "ReadSession", "RefuseSession", "RejectSession")


@given(st.integers(1, 5), st.data())
def test_every_group_is_a_shipment_and_exactly_those_not_done_are_failed(
    count: int, data: st.DataObject
) -> None:
    groups = [group(number, products=1 + number % 3) for number in range(count)]
    failed = data.draw(st.sets(st.integers(0, count - 1)))

    found = judged(groups, failed)

    assert [one["fulfillmentCenterId"] for one in found["failed"]] == [
        f"fc-{number}" for number in sorted(failed)
    ]
    assert [one["products"] for one in found["shipments"]] == [one["products"] for one in groups]


@pytest.mark.parametrize("failed", [set(), {0}, {0, 1}])
def test_only_when_no_group_failed_the_order_is_recorded(failed: set[int]) -> None:
    found = judged([group(0), group(1)], failed)
    (choice,) = STATES["AreGroupsFulfilled"]["Choices"]

    assert fill(choice["Condition"], found) is (not failed)
    assert choice["Next"] == "RecordFulfillment"
    assert STATES["AreGroupsFulfilled"]["Default"] == "CancelShipments"


@pytest.mark.parametrize("branch", GROUP["Branches"], ids=lambda branch: branch["StartAt"])
def test_a_half_that_fails_reports_it_and_holds_up_nobody(branch: dict[str, Any]) -> None:
    step = branch["StartAt"]
    (caught,) = branch["States"][step]["Catch"]
    error = {"Error": "OutOfStock", "Cause": json.dumps({"errorMessage": "x" * 500})}

    report = fill(caught["Output"], errorOutput=error)

    assert report == {"step": step, "done": False, "error": "OutOfStock", "cause": "x" * 200}
    assert branch["States"][caught["Next"]] == {"Type": "Pass", "End": True}


def test_a_failed_group_is_cancelled_with_what_its_parts_report_but_not_the_address() -> None:
    failed = judged([group(0), {**group(1), "address": "7 Secret Road"}], {1})["failed"]

    payload = fill(STATES["CancelShipments"]["Arguments"]["Payload"], {"failed": failed})

    (cancelled,) = payload["groups"]
    assert {key: value for key, value in cancelled.items() if key != "parts"} == group(1)
    assert cancelled["parts"] == [
        part("UpdateInventory", done=False),
        part("SendToFulfillmentCenter"),
    ]
    assert payload["executionArn"] == EXECUTION


@pytest.mark.parametrize("count", [1, 2, 100])
def test_the_cause_names_the_failed_centres_and_stays_short(count: int) -> None:
    groups = [group(number) for number in range(count)]
    failed = judged(groups, set(range(count)))["failed"]

    failure = fill(STATES["CancelShipments"]["Assign"]["failure"], {"failed": failed})

    named = [f"fc-{number}: UpdateInventory failed with OutOfStock" for number in range(count)]
    assert [sentence for sentence in named[:2] if sentence not in failure["cause"]] == []
    assert len(failure["cause"]) <= 2000


def test_groups_that_could_not_be_cancelled_have_a_review_of_the_execution() -> None:
    (caught,) = STATES["CancelShipments"]["Catch"]

    assert caught["Next"] == "RecordManualReview"
    assert caught["Assign"]["failure"]["step"] == "CancelShipments"


@pytest.mark.parametrize("error", ["NoProducts", "MissingFulfillmentCenter", "InvalidOrder"])
def test_a_plan_that_is_refused_ends_with_its_own_reason_after_a_review(error: str) -> None:
    refused, _ = STATES["PlanShipments"]["Catch"]
    known = {"Error": error, "Cause": json.dumps({"errorMessage": "name a centre"})}

    failure = fill(refused["Assign"], errorOutput=known)["failure"]

    assert error in refused["ErrorEquals"]
    assert refused["Next"] == "RecordManualReview"
    assert (failure["reason"], failure["cause"]) == (error, "name a centre")
    end = fill(STATES["FailFulfillment"], {"failure": failure})
    assert (end["Error"], end["Cause"]) == (error, "name a centre")


def test_a_review_that_cannot_be_opened_is_left_to_the_reconciler() -> None:
    review = STATES["RecordManualReview"]

    assert [caught["Next"] for caught in review["Catch"]] == ["FailFulfillment"]
    assert review["Next"] == "FailFulfillment"


@pytest.mark.parametrize(("state", "to"), [("FULFILLED", "OrderStands"), ("CANCELLED", None)])
def test_an_order_that_could_not_be_recorded_stands_if_it_is_fulfilled_else_is_reviewed(
    state: str, to: str | None
) -> None:
    read, known = STATES["ReadOrder"], {"order": {"orderId": "s-1"}}
    result = {"Item": {"State": {"S": state}}}

    found = fill(read["Output"], known, result=result)
    (choice,) = STATES["IsOrderFulfilled"]["Choices"]

    goes = choice["Next"] if fill(choice["Condition"], input=found) else None
    assert goes == to
    assert STATES["IsOrderFulfilled"]["Default"] == "RecordManualReview"
    assert state in fill(read["Assign"], known, result=result)["failure"]["cause"]


def test_an_order_whose_row_is_gone_is_reviewed() -> None:
    found = fill(STATES["ReadOrder"]["Output"], {"order": {"orderId": "s-1"}}, result={})
    (choice,) = STATES["IsOrderFulfilled"]["Choices"]

    assert found == {"state": "gone"}
    assert fill(choice["Condition"], input=found) is False
