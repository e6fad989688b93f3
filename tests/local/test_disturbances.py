"""Faults and actions of a scenario: which names they may have, and a sentence for every other."""

from collections.abc import Collection
from typing import Any

import pytest

from local.fields import WrongField
from local.functions import modules_of_the_program
from local.machines import task_states
from local.scenario import Action, Fault, FunctionFault, Scenario
from local.scenario_files import scenario_of

TASKS = {
    "order_processing": ["CapturePayment", "RecordOrder"],
    "fulfillment": ["PlanShipments", "RecordOrder"],
}
PLAN = "fulfillment/PlanShipments"


def functions() -> Collection[str]:
    return ["publish_outcomes", "notify_user"]


def read(**changes: Any) -> Scenario:
    document = {"workflow": "order_processing", "input": {}, **changes}
    return scenario_of(document, "scenario", TASKS, functions)


def test_a_fault_strikes_a_state_of_a_followed_workflow() -> None:
    scenario = read(follow=True, faults=[{"state": PLAN, "error": "E", "times": 1}])

    assert scenario.faults == (Fault(PLAN, "E", "before", 1),)
    assert scenario.place(PLAN) == ("fulfillment", "PlanShipments")


def test_a_state_without_a_workflow_is_the_scenarios_own() -> None:
    assert read().place("RecordOrder") == ("order_processing", "RecordOrder")


def test_a_fault_strikes_a_function_that_is_no_task() -> None:
    fault = {"function": "publish_outcomes", "error": "E", "when": "after"}

    assert read(faults=[fault]).faults == (FunctionFault("publish_outcomes", "E", "after", 0),)


def test_actions_are_read_in_their_order() -> None:
    actions = [
        {"do": "cancel", "after": "CapturePayment"},
        {"do": "stop", "after": "RecordOrder", "error": "OutOfStock"},
        {"do": "again", "after": "RecordOrder"},
    ]

    assert read(actions=actions).actions == (
        Action("cancel", "CapturePayment"),
        Action("stop", "RecordOrder", "OutOfStock"),
        Action("again", "RecordOrder"),
    )


def test_the_schedules_run_only_where_that_is_said() -> None:
    assert (read().sweep, read(sweep=True).sweep, read(sweep=None).sweep) == (False, True, False)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"faults": [{"error": "E"}]}, "faults[0]: must have either a state or a function"),
        (
            {"faults": [{"state": "RecordOrder", "function": "notify_user", "error": "E"}]},
            "faults[0]: must have either a state or a function",
        ),
        (
            {"faults": [{"function": "bake_bread", "error": "E"}]},
            'faults[0].function: must not be "bake_bread"; it may be notify_user, publish_outcomes',
        ),
        (
            {"faults": [{"state": "Nowhere", "error": "E"}]},
            'faults[0].state: must not be "Nowhere"; it may be CapturePayment, RecordOrder',
        ),
        (
            {"follow": True, "faults": [{"state": "fulfillment/Nowhere", "error": "E"}]},
            'faults[0].state: must not be "fulfillment/Nowhere"; did you mean fulfillment/Plan',
        ),
        (
            {"faults": [{"state": PLAN, "error": "E"}]},
            'faults[0].state: is of another workflow; set "follow" to true',
        ),
        ({"faults": [{"state": "RecordOrder", "error": ""}]}, "faults[0].error: must have 1 to"),
        ({"actions": {}}, "actions: must be a list"),
        ({"actions": ["stop"]}, "actions[0]: must be a JSON object"),
        (
            {"actions": [{"do": "wait", "after": "RecordOrder"}]},
            'actions[0].do: must not be "wait"; it may be stop, cancel, again',
        ),
        ({"actions": [{"do": "stop"}]}, "actions[0].after: must not be null; it may be"),
        (
            {"actions": [{"do": "cancel", "after": "RecordOrder", "error": "E"}]},
            'actions[0].error: is for "stop"; leave it out of "cancel"',
        ),
        (
            {"actions": [{"do": "stop", "after": "RecordOrder", "error": 1}]},
            "actions[0].error: must be text",
        ),
        (
            {"actions": [{"do": "stop", "after": "RecordOrder", "why": 1}]},
            "actions[0].why: unknown field; it may be after, do, error",
        ),
        ({"sweep": "yes"}, "sweep: must be true or false"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WrongField) as refused:
        read(**change)

    assert sentence in str(refused.value)


def test_the_functions_are_only_looked_for_when_a_fault_names_one() -> None:
    def never() -> Collection[str]:
        raise AssertionError("nobody asked")

    faults = [{"state": "RecordOrder", "error": "E"}]
    document = {"workflow": "order_processing", "input": {}, "faults": faults}

    assert scenario_of(document, "scenario", TASKS, never).faults


def test_the_program_says_which_functions_there_are() -> None:
    known = modules_of_the_program()

    assert {"notify_user", "start_order", "capture_payment"} <= set(known)
    assert "handler" not in known


def test_every_task_of_the_project_can_be_named() -> None:
    tasks = task_states()
    for workflow in tasks:
        document = {
            "workflow": workflow,
            "input": {},
            "follow": True,
            "faults": [
                {"state": state if owner == workflow else f"{owner}/{state}", "error": "E"}
                for owner, states in tasks.items()
                for state in states
            ],
        }

        assert scenario_of(document, "scenario", tasks, functions).faults
