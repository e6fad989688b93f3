"""No execution outgrows its history, however many retries it needs."""

from typing import Any

import pytest

from handlers.fulfillment.rules.shipment_planner import MAX_GROUPS
from tests.workflows.worst_case import most_events
from workflows import DEFINITIONS

MOST_EVENTS = 25_000  # of one execution (AWS, "Step Functions service quotas")
LAMBDA = "arn:aws:states:::lambda:invoke"


def machine(**states: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


def task(retries: int = 0, **fields: Any) -> dict[str, Any]:
    rule = {"MaxAttempts": retries}
    return {"Type": "Task", "Resource": LAMBDA, "Retry": [rule], "End": True, **fields}


def test_a_call_is_scheduled_started_and_ended_as_often_as_it_is_made() -> None:
    assert most_events(machine(A=task())) == 2 + 3
    assert most_events(machine(A=task(4))) == 2 + 3 * 5
    assert most_events(machine(A=task(Resource=f"{LAMBDA}.waitForTaskToken"))) == 2 + 4


def test_a_parallel_has_the_events_of_every_branch_and_a_map_those_of_every_item() -> None:
    both = {"Type": "Parallel", "Branches": [machine(A=task()), machine(B=task())], "End": True}
    each = {"Type": "Map", "ItemProcessor": machine(C=both), "End": True}

    assert most_events(machine(P=both)) == 4 + 2 * 5
    assert most_events(machine(M=each), items=3) == 4 + 3 * (2 + 4 + 2 * 5)


def test_the_way_with_most_events_counts() -> None:
    report = {"Type": "Pass", "End": True}
    states = {"A": task(1, Catch=[{"Next": "B"}]), "B": report}

    assert most_events(machine(**states)) == 2 + 3 * 2 + 2


@pytest.mark.parametrize("workflow", DEFINITIONS)
def test_a_history_holds_every_retry_of_the_largest_order(workflow: str) -> None:
    events = 2 + most_events(DEFINITIONS[workflow](), items=MAX_GROUPS)

    assert events < MOST_EVENTS


def test_a_group_takes_the_events_that_planning_says() -> None:
    groups = DEFINITIONS["fulfillment"]()["States"]["FulfillGroups"]["ItemProcessor"]

    assert 2 + most_events(groups) == 50
