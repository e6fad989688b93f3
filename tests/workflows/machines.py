"""Machines taken apart: their states, and what these ask for, filled in as on AWS."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.emulator.expressions.engine import evaluate

State = dict[str, Any]

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:machine:o-1"
_INTEGRATION = re.compile(r"arn:aws:states:::(?:aws-sdk:)?(\w+):(\w+)")


def states(machine: Mapping[str, Any]) -> Iterator[tuple[str, State]]:
    """Every state of a machine by name, those of its bodies included."""
    for name, state in machine["States"].items():
        yield name, state
        for body in (*state.get("Branches", ()), state.get("ItemProcessor")):
            yield from states(body) if body else ()


def tasks(machine: Mapping[str, Any]) -> Iterator[tuple[str, State]]:
    """Every Task of a machine by name, those of its bodies included."""
    return ((name, state) for name, state in states(machine) if state["Type"] == "Task")


def operation(state: State) -> str:
    """The service and the operation that a Task calls, such as `dynamodb:updateItem`."""
    match = _INTEGRATION.match(state["Resource"])
    assert match, state["Resource"]
    return ":".join(match.groups())


def fill(template: Any, variables: Mapping[str, Any] | None = None, **known: Any) -> Any:
    """A template as Step Functions fills it in.

    Args:
        template: JSON that may hold JSONata.
        variables: the machine's variables.
        known: what `$states` holds: input, result, errorOutput; context, if it is not usual.

    Raises:
        JsonataError: an expression fails, or yields nothing.
    """
    reserved = {"states": {"context": context(), **known}}
    if isinstance(template, dict):
        return {key: fill(value, variables, **known) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, variables, **known) for value in template]
    if not (isinstance(template, str) and template.startswith("{%")):
        return template
    expression = template.removeprefix("{%").removesuffix("%}")
    return evaluate(expression, {**(variables or {}), **reserved})


def context(execution: str = EXECUTION, given: Any = None) -> dict[str, Any]:
    """The context object of an execution, with its input."""
    name = execution.rpartition(":")[2]
    return {"Execution": {"Id": execution, "Name": name, "Input": given}, "State": {"Name": "S"}}


def perform(
    client: Any, state: State, variables: Mapping[str, Any] | None = None, **known: Any
) -> Any:
    """Makes the call of a Task on DynamoDB; its answer."""
    _, _, called = operation(state).partition(":")
    method = re.sub(r"(?=[A-Z])", "_", called).lower()
    return getattr(client, method)(**fill(state["Arguments"], variables, **known))
