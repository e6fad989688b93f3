"""A machine's time holds all its calls and retries, so that it never cuts itself off."""

from typing import Any

import pytest

from tests.workflows.worst_case import longest
from workflows import DEFINITIONS, checkout, order_processing, stock

RULE = {"MaxAttempts": 2, "IntervalSeconds": 1, "BackoffRate": 2, "MaxDelaySeconds": 20}


def task(seconds: int, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "TimeoutSeconds": seconds, **fields}


def test_the_longest_way_counts_retries_pauses_catches_and_the_slowest_branch() -> None:
    slow = {"StartAt": "C", "States": {"C": task(7, End=True)}}
    fast = {"StartAt": "D", "States": {"D": task(1, End=True)}}
    machine = {
        "StartAt": "A",
        "States": {
            "A": task(10, Retry=[RULE], Catch=[{"Next": "B"}], End=True),
            "B": {"Type": "Parallel", "Branches": [fast, slow], "End": True},
        },
    }
    assert longest(machine) == 3 * 10 + (1 + 2) + 7


def test_a_wait_for_a_callback_is_tried_again_only_within_its_heartbeat() -> None:
    waiting = task(900, HeartbeatSeconds=300, Retry=[RULE], End=True)

    assert longest({"StartAt": "A", "States": {"A": waiting}}) == 2 * 300 + 900 + 3


def test_a_circle_is_gone_round_as_often_as_it_may() -> None:
    states = {
        "A": task(5, Catch=[{"Next": "W"}], End=True),
        "W": {"Type": "Wait", "Next": "A"},
    }
    assert longest({"StartAt": "A", "States": states}, rounds=3) == 3 * 5 + 2 + 4 + 8


@pytest.mark.parametrize(
    ("workflow", "seconds"),
    [
        ("order_processing", order_processing.TIMEOUT_SECONDS),
        ("checkout", checkout.TIMEOUT_SECONDS),
    ],
)
def test_no_machine_times_out_while_its_tasks_still_have_retries(
    workflow: str, seconds: int
) -> None:
    rounds = stock.ATTEMPTS if workflow == "order_processing" else 1
    worst = longest(DEFINITIONS[workflow](), rounds)

    assert DEFINITIONS[workflow]()["TimeoutSeconds"] == seconds
    assert worst < seconds < 2 * worst
