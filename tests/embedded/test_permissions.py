"""Every permission of a machine is needed: without it, some execution ends differently.

Those of functions are `tests/unneeded.py`'s. The scenarios enter every state of every machine.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import parliament
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


POLICY_INPUTS = ("policy", "assumeRolePolicy")
WRONGLY_FOUND = {
    ("RESOURCE_MISMATCH", "states:DescribeExecution"),
    ("MALFORMED", "Statement contains neither Resource nor NotResource"),
    ("RESOURCE_MISMATCH", "states:SendTaskFailure"),
    ("RESOURCE_MISMATCH", "states:SendTaskHeartbeat"),
    ("RESOURCE_MISMATCH", "states:SendTaskSuccess"),
    ("RESOURCE_MISMATCH", "dynamodb:DescribeStream"),
    ("RESOURCE_MISMATCH", "dynamodb:GetRecords"),
    ("RESOURCE_MISMATCH", "dynamodb:GetShardIterator"),
}
"""A trust policy has no Resource; the machines are not Express, of whose executions the list also
knows ARNs; answers to tasks are granted by machine, although the list says `*`; a stream is named
by a time, whose colons are taken for those of an ARN.
"""


def findings(text: str) -> set[tuple[str, str]]:
    """What parliament finds in a policy: the issue, and the actions it is about."""
    found: set[tuple[str, str]] = set()
    for finding in parliament.analyze_policy_string(text).findings:
        details = finding.detail if isinstance(finding.detail, list) else [finding.detail]
        for detail in details:
            about = detail["action"] if isinstance(detail, dict) else str(detail)
            found.add((finding.issue, about))
    return found - WRONGLY_FOUND


def test_parliament_finds_nothing_in_any_policy_of_the_deployed_stack(stack: Stack) -> None:
    documents = {
        f"{made.type} {made.name}": text
        for made in stack.deployment.registrations
        for name in POLICY_INPUTS
        if isinstance(text := made.inputs.get(name), str) and not made.type.endswith(":Key")
    }
    judged = {name: findings(text) for name, text in documents.items()}

    assert len(judged) > 60
    assert {name: found for name, found in judged.items() if found} == {}


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": "dynamodb:GetItems", "Resource": "*"},
        {"Action": "dynamodb:GetItem", "Resource": "arn:aws:sqs:us-east-1:000000000000:queue"},
        {"Action": "sqs:SendMessage", "Resoruce": "*"},
    ],
)
def test_parliament_would_find_a_mistake(statement: dict[str, Any]) -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}

    assert findings(json.dumps(document))
