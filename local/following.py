"""Whether the outcome of one workflow may start another: the stack's rules, on or off."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.history import journey, read_history
from local.settling import UnsettledError, settle
from local.stack import Stack
from local.waiting import StuckError, await_end


def follow_nothing(stack: Stack) -> None:
    """Turn the rules off that start a workflow on the outcome of another."""
    events = stack.cloud.client("events")
    for rule in _rules(stack):
        events.disable_rule(Name=rule, EventBusName=stack.outputs["eventBus"])


@contextmanager
def following(stack: Stack, follow: bool) -> Iterator[None]:
    """Those rules are on meanwhile, if they are to be followed."""
    if not follow:
        yield
        return
    events = stack.cloud.client("events")
    for rule in _rules(stack):
        events.enable_rule(Name=rule, EventBusName=stack.outputs["eventBus"])
    try:
        yield
    finally:
        follow_nothing(stack)


def await_followed(stack: Stack) -> None:
    """Wait until no execution runs any more, and what the last of them caused has settled.

    Raises:
        StuckError: an execution did not end.
        UnsettledError: a queue did not empty.
    """
    while True:
        settle(stack.cloud, stack.queues)
        running = stack.cloud.running()
        # What ended before they were listed may have left messages after the queues were empty.
        if not running and not stack.cloud.busy(stack.queues):
            return
        for execution in running:
            await_end(stack, execution)


def abandon(stack: Stack) -> None:
    """Stop whatever still runs and let it be compensated, so that it is in nobody's way.

    In a cloud that is dead or overwhelmed there is nothing more to do.
    """
    states = stack.cloud.client("stepfunctions")
    with suppress(ClientError, BotoCoreError, StuckError, UnsettledError):
        for execution in stack.cloud.running():
            states.stop_execution(executionArn=execution, cause="Its scenario was given up.")
        await_followed(stack)


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
        "execution": execution,
        "status": ended["status"],
        "error": ended.get("error"),
        "path": list(taken.path),
        "transitions": taken.transitions,
        "lambdaCalls": taken.lambda_calls,
        "attempts": taken.attempts,
    }


def _rules(stack: Stack) -> list[str]:
    return list(stack.outputs.get("rules", {}).values())


def _executions(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    paginator = stack.cloud.client("stepfunctions").get_paginator("list_executions")
    for workflow, machine in stack.outputs["stateMachines"].items():
        for page in paginator.paginate(stateMachineArn=machine):
            for execution in page["executions"]:
                yield workflow, execution
