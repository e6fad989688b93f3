"""Every permission derived for the machine is needed: without it, some order ends differently."""

from collections.abc import Iterator
from typing import Any

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
