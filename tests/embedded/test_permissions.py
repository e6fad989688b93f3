"""Every permission derived for the machine is needed: without it, some order ends differently."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import asl
from local.result import Result
from local.runner import Runner
from local.scenario import Fault, Scenario
from local.stack import Stack
from workflows import DEFINITIONS
from workflows.resources import ACCOUNT, REGION

DERIVED = [
    (action, resource)
    for statement in asl.permissions(
        DEFINITIONS["order_processing"](), asl.Scope("aws", REGION, ACCOUNT)
    )
    for action in statement["Action"]
    for resource in statement["Resource"]
]


def scenarios(orders: Any) -> Iterator[Scenario]:
    """Orders that together enter every state that calls something."""
    yield orders.scenario()
    yield orders.scenario(stock={"item-1": 0})
    yield orders.scenario(Fault("CapturePayment", "States.Timeout", "after"))
    yield orders.scenario(Fault("RecordOrder", "States.Timeout", "after"))


def outcome(result: Result) -> dict[str, Any]:
    """What must not change: how it ended, what was told, recorded and asked of humans."""
    row = result.order or {}
    return {
        "status": (result.status, result.error),
        "told": sorted(event["detail-type"] for event in result.events),
        "row": (row.get("State"), row.get("Reason"), row.get("Compensated")),
        "review": [review["Step"] for review in result.manualReview],
    }


@pytest.fixture(scope="module")
def usual(runner: Runner) -> list[dict[str, Any]]:
    from tests.embedded.conftest import Orders

    return [outcome(runner.run(scenario)) for scenario in scenarios(Orders())]


@contextmanager
def without(stack: Stack, action: str, resource: str) -> Iterator[None]:
    """The machine's role with one action on one resource taken away."""
    policy = next(
        made
        for made in stack.deployment.registrations
        if made.type == "aws:iam/rolePolicy:RolePolicy" and made.name == "order-processing-policy"
    )
    whole = json.loads(policy.inputs["policy"])
    kept = {"Version": whole["Version"], "Statement": list(_kept(whole, action, resource))}
    assert kept["Statement"] != whole["Statement"], f"{action} on {resource} is not granted"
    put = _putter(stack, policy.inputs["role"], policy.outputs["name"])
    put(kept)
    try:
        yield
    finally:
        put(whole)


def _kept(policy: dict[str, Any], action: str, resource: str) -> Iterator[dict[str, Any]]:
    """The statements left; a deployed name carries a suffix that the placeholder lacks."""
    name = resource.rpartition(":")[2].rpartition("/")[2].lower().replace("-", "")
    for statement in policy["Statement"]:
        left = [
            arn
            for arn in statement["Resource"]
            if not (action in statement["Action"] and _plain(arn) == name)
        ]
        if left:
            yield {**statement, "Resource": left}


def _plain(arn: str) -> str:
    physical = arn.rpartition(":")[2].rpartition("/")[2]
    return physical.rpartition("-")[0].lower().replace("-", "")


def _putter(stack: Stack, role: str, name: str) -> Callable[[dict[str, Any]], None]:
    def put(document: dict[str, Any]) -> None:
        stack.cloud.client("iam").put_role_policy(
            RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document)
        )

    return put


@pytest.mark.parametrize(("action", "resource"), DERIVED)
def test_without_a_derived_permission_some_order_ends_differently(
    stack: Stack,
    runner: Runner,
    orders: Any,
    usual: list[dict[str, Any]],
    action: str,
    resource: str,
) -> None:
    with without(stack, action, resource):
        changed = (
            outcome(runner.run(scenario)) != before
            for scenario, before in zip(scenarios(orders), usual, strict=True)
        )
        assert any(changed), f"{action} on {resource} is granted but never needed"
