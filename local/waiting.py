"""Waiting for an execution: for its next state, and for its end."""

import time
from typing import Any

from local.command_error import CommandError
from local.history import journey, read_history
from local.stack import Stack

PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.01
_NEXT_STATE_POLL_SECONDS = 0.05


class StuckError(CommandError, RuntimeError):
    """An execution that did not go on, or not end, while somebody waited."""


def await_end(stack: Stack, execution: str) -> dict[str, Any]:
    """The description of an execution once it has ended.

    Raises:
        StuckError: it was still running after 120 s.
        FunctionNotStarted: a function did not start.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := deadline - time.monotonic()) > 0:
        if stack.cloud.has_ended(execution, within=left):
            states = stack.cloud.client("stepfunctions")
            ended: dict[str, Any] = states.describe_execution(executionArn=execution)
            return ended
    raise StuckError(f"the execution {execution} was still running after {PATIENCE_SECONDS:.0f} s")


def await_start(stack: Stack, workflow: str, name: str) -> str:
    """The ARN of an execution once somebody has started it.

    Raises:
        StuckError: nobody had after 120 s.
        FunctionNotStarted: a function did not start, so that nobody will.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        stack.cloud.require_functions()
        if found := find(stack, workflow, name):
            return found
        time.sleep(POLL_SECONDS)
    raise StuckError(
        f"nobody started an execution {name} of {workflow} in {PATIENCE_SECONDS:.0f} s"
    )


def find(stack: Stack, workflow: str, name: str) -> str | None:
    """The ARN of a workflow's execution of this name, or None."""
    states = stack.cloud.client("stepfunctions")
    machine = str(stack.outputs["stateMachines"][workflow])
    execution = f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
    try:
        return str(states.describe_execution(executionArn=execution)["executionArn"])
    except states.exceptions.ExecutionDoesNotExist:
        return None


def states_entered(stack: Stack, execution: str) -> int:
    """How many states an execution has entered."""
    events = read_history(stack.cloud.client("stepfunctions"), execution)
    return len(journey(events).path)


def await_next_state(stack: Stack, execution: str, entered: int) -> None:
    """Wait until an execution that had entered so many states enters another, or ends.

    Raises:
        StuckError: it did neither within 120 s.
        FunctionNotStarted: a function did not start.
    """
    states = stack.cloud.client("stepfunctions")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        stack.cloud.require_functions()
        running = states.describe_execution(executionArn=execution)["status"] == "RUNNING"
        if not running or states_entered(stack, execution) > entered:
            return
        time.sleep(_NEXT_STATE_POLL_SECONDS)
    raise StuckError(f"the execution {execution} stayed where it was for {PATIENCE_SECONDS:.0f} s")
