"""Every permission of a machine is needed: without it, some execution ends differently.

Those of functions are `tests/unneeded.py`'s. The scenarios enter every state of every machine.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest

import asl
from asl.walk import states
from local.result import Result
from local.scenario import Fault, Scenario
from local.stack import Stack
from tests.embedded.conftest import Judge, Orders
from tests.embedded.permissions import derived, needed_by, without
from tests.embedded.seen import published, steps
from tests.embedded.test_checkout import scenario as checkout
from tests.embedded.test_fulfillment import scenario as fulfillment
from workflows import DEFINITIONS

LOST = "States.Timeout"
CONFLICT = "DynamoDb.TransactionCanceledException"


def _orders() -> list[Scenario]:
    make = Orders().scenario
    contended = [Fault("ReserveStock", CONFLICT, when, times=1) for when in ("before", "after")]
    return [
        make(*contended, Fault("RecordOrder", LOST, "after", times=1)),
        make(Fault("AuthorizePayment", "Some.Error")),
    ]


def _carts() -> list[Scenario]:
    return [
        checkout(Fault("ConfirmOrder", LOST, "after", times=1)),
        checkout(callbacks={"payment": "failed"}),
    ]


def _sessions() -> list[Scenario]:
    unpaid = {"PaymentStatus": "Pending"}
    halves = [Fault(half, "Some.Error") for half in ("UpdateInventory", "SendToFulfillmentCenter")]
    return [
        fulfillment(Fault("RecordFulfillment", LOST, "after", times=1), centers=1),
        fulfillment(Fault("RefuseSession", LOST, "after", times=1), session=unpaid),
        fulfillment(*halves, centers=1),
        fulfillment(Fault("PlanShipments", "Some.Error"), centers=1),
    ]


SCENARIOS: Mapping[str, Callable[[], list[Scenario]]] = {
    "order_processing": _orders,
    "checkout": _carts,
    "fulfillment": _sessions,
}
"""Scenarios of each workflow that together enter all its states."""
PERMISSIONS = [
    (workflow, action, resource) for workflow in SCENARIOS for action, resource in derived(workflow)
]


def outcome(result: Result) -> Any:
    """What must not change: how it ended, which way, what was recorded, published and reviewed."""
    row = result.order or {}
    return (
        (result.status, result.error, sorted(result.path)),
        (row.get("State"), row.get("Reason"), published(result), steps(result)),
    )


@pytest.fixture(scope="module")
def usual(judge: Judge) -> Callable[[str], list[Result]]:
    """The results of a workflow's scenarios, each run once."""
    return cache(lambda workflow: [judge.run(one) for one in SCENARIOS[workflow]()])


@pytest.mark.parametrize("workflow", SCENARIOS)
def test_every_state_of_the_machine_is_entered(
    usual: Callable[[str], list[Result]], workflow: str
) -> None:
    entered = {state for result in usual(workflow) for state in result.path}

    assert entered == {visit.name for visit in states(DEFINITIONS[workflow]())}


@pytest.mark.parametrize(("workflow", "action", "resource"), PERMISSIONS)
def test_without_a_derived_permission_some_execution_ends_differently_and_no_rule_is_broken(
    stack: Stack,
    judge: Judge,
    usual: Callable[[str], list[Result]],
    workflow: str,
    action: str,
    resource: str,
) -> None:
    users = needed_by(workflow, action, resource)
    scenario, before = next(
        (scenario, result)
        for scenario, result in zip(SCENARIOS[workflow](), usual(workflow), strict=True)
        if users & {*result.path}
    )
    with without(stack, workflow.replace("_", "-"), action, resource):
        result = judge.run(scenario)

    assert outcome(result) != outcome(before), f"{action} on {resource} is never needed"


@pytest.mark.parametrize("workflow", SCENARIOS)
def test_the_definition_that_runs_is_the_one_that_is_checked(stack: Stack, workflow: str) -> None:
    machine = stack.outputs["stateMachines"][workflow]
    described = stack.cloud.client("stepfunctions").describe_state_machine(stateMachineArn=machine)
    deployed = json.loads(described["definition"])

    assert set(deployed["States"]) == set(DEFINITIONS[workflow]()["States"])
    assert asl.check(deployed) == []
