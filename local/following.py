"""Whether the outcome of one workflow may start another: the stack's rules, on or off."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from local.history import journey, read_history
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end


@contextmanager
def following(stack: Stack, follow: bool) -> Iterator[None]:
    """The rules that start workflows are off meanwhile, unless they are to be followed."""
    events, bus = stack.cloud.client("events"), stack.outputs["eventBus"]
    rules = [] if follow else list(stack.outputs.get("rules", {}).values())
    for rule in rules:
        events.disable_rule(Name=rule, EventBusName=bus)
    try:
        yield
    finally:
        for rule in rules:
            events.enable_rule(Name=rule, EventBusName=bus)


def settle_all(stack: Stack) -> None:
    """Wait until no queue holds a message and no execution runs.

    Raises:
        StuckError: an execution did not end.
        UnsettledError: a queue did not empty.
    """
    settle(stack.cloud, stack.queues)
    while running := list(_executions(stack, statusFilter="RUNNING")):
        for _, execution in running:
            await_end(stack, execution["executionArn"])
        settle(stack.cloud, stack.queues)


def followed(stack: Stack, first: str, since: datetime, order_id: str) -> list[dict[str, Any]]:
    """The executions that were started for an order beside the first, in the order of start.

    Args:
        stack: the stack.
        first: the ARN of the execution that they followed.
        since: when that was started.
        order_id: what their names begin with.
    """
    found = [
        (execution["startDate"], workflow, execution["executionArn"])
        for workflow, execution in _executions(stack)
        if execution["name"].startswith(order_id)
        and execution["startDate"] >= since
        and execution["executionArn"] != first
    ]
    return [_told(stack, workflow, execution) for _, workflow, execution in sorted(found)]


def _told(stack: Stack, workflow: str, execution: str) -> dict[str, Any]:
    states = stack.cloud.client("stepfunctions")
    ended = states.describe_execution(executionArn=execution)
    taken = journey(read_history(states, execution))
    return {
        "workflow": workflow,
        "status": ended["status"],
        "error": ended.get("error"),
        "path": list(taken.path),
        "transitions": taken.transitions,
        "lambdaCalls": taken.lambda_calls,
    }


def _executions(stack: Stack, **only: str) -> Iterator[tuple[str, dict[str, Any]]]:
    paginator = stack.cloud.client("stepfunctions").get_paginator("list_executions")
    for workflow, machine in stack.outputs["stateMachines"].items():
        for page in paginator.paginate(stateMachineArn=machine, **only):
            for execution in page["executions"]:
                yield workflow, execution
