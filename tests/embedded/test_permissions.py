"""Every permission derived for the machine is needed: without it, some order ends differently."""

import json
from collections.abc import Iterator
from typing import Any

import parliament
import pytest

from local.history import read_history
from local.result import Result
from local.runner import Runner
from local.scenario import Fault, Scenario
from local.stack import Stack
from tests.embedded.permissions import derived, without


def scenarios(orders: Any) -> Iterator[Scenario]:
    """Orders that together enter every state that calls something."""
    yield orders.scenario()
    yield orders.scenario(stock={"item-1": 0})
    yield orders.scenario(Fault("CapturePayment", "States.Timeout", "after"))
    yield orders.scenario(Fault("RecordOrder", "States.Timeout", "after"))


def outcome(stack: Stack, result: Result) -> dict[str, Any]:
    """What must not change: how it ended, what was told, recorded and asked of humans.

    What the reconciler finishes ends like what the machine does, but for a task that failed.
    """
    row = result.order or {}
    execution = row.get("ExecutionArn") or row["RecoveredFrom"]
    history = read_history(stack.cloud.client("stepfunctions"), execution)
    return {
        "status": (result.status, result.error),
        "told": sorted(event["detail-type"] for event in result.events),
        "row": (row.get("State"), row.get("Reason"), row.get("Compensated")),
        "review": [review["Step"] for review in result.manualReview],
        "failures": sum(event["type"] == "TaskFailed" for event in history),
    }


@pytest.fixture(scope="module")
def usual(stack: Stack, runner: Runner) -> list[dict[str, Any]]:
    from tests.embedded.conftest import Orders

    return [outcome(stack, runner.run(scenario)) for scenario in scenarios(Orders())]


@pytest.mark.parametrize(("action", "resource"), derived("order_processing"))
def test_without_a_derived_permission_some_order_ends_differently(
    stack: Stack,
    runner: Runner,
    orders: Any,
    usual: list[dict[str, Any]],
    action: str,
    resource: str,
) -> None:
    with without(stack, "order-processing", action, resource):
        changed = (
            outcome(stack, runner.run(scenario)) != before
            for scenario, before in zip(scenarios(orders), usual, strict=True)
        )
        assert any(changed), f"{action} on {resource} is granted but never needed"


POLICY_INPUTS = ("policy", "assumeRolePolicy")
WRONGLY_FOUND = {
    ("RESOURCE_MISMATCH", "states:DescribeExecution"),
    ("MALFORMED", "Statement contains neither Resource nor NotResource"),
    ("RESOURCE_MISMATCH", "states:SendTaskFailure"),
    ("RESOURCE_MISMATCH", "states:SendTaskHeartbeat"),
    ("RESOURCE_MISMATCH", "states:SendTaskSuccess"),
}
"""A trust policy has no Resource; the machines are not Express, of whose executions the list also
knows ARNs; answers to tasks are granted by machine, although the list says `*`.
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
