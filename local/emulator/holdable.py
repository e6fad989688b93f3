"""Places where an execution can be held: the Task states of a machine that exists."""

import json
from collections.abc import Iterator
from typing import Any

from moto.stepfunctions.responses import get_backend


def task(machine_arn: str, state: str) -> tuple[str, str]:
    """The machine and state as given, which exist.

    Raises:
        ValueError: there is no such machine, or it has no Task state of that name.
    """
    if machine_arn.count(":") < 6:
        raise ValueError(f"'{machine_arn}' is no ARN of a state machine.")
    machines = get_backend(machine_arn.split(":")[4], machine_arn.split(":")[3]).state_machines
    machine = next((each for each in machines if each.arn == machine_arn), None)
    if machine is None:
        raise ValueError(f"There is no state machine {machine_arn}.")
    tasks = set(_tasks(json.loads(machine.definition)))
    if state not in tasks:
        known = ", ".join(sorted(tasks)) or "none"
        raise ValueError(f"{machine.name} has no Task state '{state}'; it has {known}.")
    return machine_arn, state


def _tasks(part: Any) -> Iterator[str]:
    """The names of the Task states in a part of a definition, at any depth."""
    if isinstance(part, list):
        for inner in part:
            yield from _tasks(inner)
    elif isinstance(part, dict):
        for name, inner in part.items():
            if isinstance(inner, dict) and inner.get("Type") == "Task":
                yield name
            yield from _tasks(inner)
