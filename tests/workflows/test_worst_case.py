"""A machine's time holds all its calls and retries, so that it never cuts itself off."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.fulfillment.rules.shipment_planner import MAX_GROUPS
from handlers.recovery.rules import ended_execution as executions
from tests.workflows.worst_case import longest
from workflows import DEFINITIONS
from workflows.checkout import definition as checkout
from workflows.order_processing import reserve as stock

ROOT = Path(__file__).parents[2]
RULE = {"MaxAttempts": 2, "IntervalSeconds": 1, "BackoffRate": 2, "MaxDelaySeconds": 20}
WORST = {name: longest(render(), items=MAX_GROUPS) for name, render in DEFINITIONS.items()}
LIMITS = {name: render()["TimeoutSeconds"] for name, render in DEFINITIONS.items()}


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


def test_every_rule_of_a_task_may_be_used_up_and_a_pause_has_its_most() -> None:
    other = {**RULE, "MaxAttempts": 3, "MaxDelaySeconds": 3}

    machine = {"StartAt": "A", "States": {"A": task(10, Retry=[RULE, other], End=True)}}

    assert longest(machine) == 6 * 10 + (1 + 2) + (1 + 2 + 3)


@pytest.mark.parametrize(("items", "turns"), [(0, 0), (1, 1), (10, 1), (11, 2), (300, 30)])
def test_a_map_takes_its_items_so_many_at_a_time(items: int, turns: int) -> None:
    body = {"StartAt": "B", "States": {"B": task(7, End=True)}}
    states = {"A": {"Type": "Map", "MaxConcurrency": 10, "ItemProcessor": body, "End": True}}

    assert longest({"StartAt": "A", "States": states}, items=items) == turns * 7


def test_a_wait_for_a_callback_is_tried_again_only_within_its_heartbeat() -> None:
    waiting = task(900, HeartbeatSeconds=300, Retry=[RULE], End=True)

    assert longest({"StartAt": "A", "States": {"A": waiting}}) == 2 * 300 + 900 + 3


def test_a_circle_is_gone_round_as_often_as_it_may() -> None:
    states = {
        "A": task(5, Catch=[{"Next": "W"}], End=True),
        "W": {"Type": "Wait", "Next": "A"},
    }
    machine = {"StartAt": "A", "States": states}

    assert longest(machine) == 5 + 2
    assert longest(machine, rounds={"A": 3, "W": 3}) == 3 * 5 + 2 + 4 + 8


@pytest.mark.parametrize("workflow", DEFINITIONS)
def test_no_machine_times_out_while_its_tasks_still_have_retries(workflow: str) -> None:
    assert WORST[workflow] < LIMITS[workflow] < 2 * WORST[workflow]


def test_the_sweep_of_executions_looks_back_for_as_long_as_any_machine_may_run() -> None:
    assert timedelta(seconds=max(LIMITS.values())) <= executions.LONGEST


def test_a_reservation_outlives_the_machine_that_made_it() -> None:
    assert LIMITS["order_processing"] < stock.RESERVATION_SECONDS


def test_a_service_that_reports_progress_may_take_longer_than_one_that_is_silent() -> None:
    for seconds in (checkout.PAYMENT_SECONDS, checkout.SHIPPING_SECONDS):
        assert seconds > checkout.HEARTBEAT_SECONDS


def test_the_documents_state_the_limit_of_each_machine_and_of_a_reservation() -> None:
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    stated = dict(re.findall(r"^\| ([a-z ]+) \| (\d+) \|", text, re.MULTILINE))

    assert {name: int(stated[name.replace("_", " ")]) for name in LIMITS} == LIMITS
    assert int(stated["a reservation of stock"]) == stock.RESERVATION_SECONDS
