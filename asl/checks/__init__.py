"""Definition checks: what Step Functions would refuse, and what would fail later or hang.

Stricter than AWS in three points, all of them traps: every Task has a timeout, every Choice a
Default, and no SDK integration of DynamoDB a BOOL or NULL. Each module names the page on which its
rules stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

from asl.checks.choices import choice_problems
from asl.checks.document import document_problems, size_problems
from asl.checks.failures import failure_problems
from asl.checks.graph import machine_problems, name_problems
from asl.checks.labels import label_problems, repeated_labels
from asl.checks.maps import body_problems
from asl.checks.names import unknown_names
from asl.checks.objects import object_problems
from asl.checks.placeholders import placeholder_problems
from asl.checks.problems import DefinitionError, Problem, shown
from asl.checks.recovery import recovery_problems
from asl.checks.scopes import Scope, Scopes
from asl.checks.shapes import MACHINE
from asl.checks.state_shapes import STATES
from asl.checks.tasks import task_problems
from asl.checks.unevaluated import unevaluated
from asl.walk import JSONATA, JSONPATH, Machine, Visit, machines, states, visits

__all__ = ["DefinitionError", "MachineType", "Problem", "check", "require_valid", "warnings"]

MachineType = Literal["STANDARD", "EXPRESS"]
_STATE_CHECKS: Final[tuple[Callable[[Visit], Iterator[str]], ...]] = (
    recovery_problems,
    choice_problems,
    task_problems,
    body_problems,
    failure_problems,
    label_problems,
    placeholder_problems,
)


def check(
    definition: Any, *, machine_type: MachineType = "STANDARD", characters: int | None = None
) -> list[Problem]:
    """Everything wrong with a definition, in the order written; empty if it is valid.

    Args:
        definition: what a state machine is created from, as Python's JSON, its fractions as float
            or Decimal; anything is taken.
        machine_type: the type it is created with.
        characters: of the text that it is created from; its shortest form's unless given.
    """
    problems = document_problems(definition)
    if problems:
        return problems
    found = [
        *size_problems(definition, characters),
        *(Problem(None, text) for text in object_problems(definition, MACHINE, JSONPATH)),
        *name_problems(definition),
        *repeated_labels(definition),
    ]
    scopes = Scopes(definition)
    for machine in machines(definition, machine_type):
        found += machine_problems(machine)
        found += _state_problems(machine, scopes.of(machine))
    return list(dict.fromkeys(found))


def warnings(definition: Any) -> list[Problem]:
    """Find what a definition perhaps does not mean; nothing in what is no document."""
    if document_problems(definition):
        return []
    return [
        Problem(visit.name, text) for visit in states(definition) for text in unevaluated(visit)
    ]


def require_valid(definition: Any, name: str, *, machine_type: MachineType = "STANDARD") -> None:
    """Refuse a definition that is not valid.

    Raises:
        DefinitionError: naming the machine and listing every problem.
    """
    problems = check(definition, machine_type=machine_type)
    if problems:
        raise DefinitionError(name, problems)


def _state_problems(machine: Machine, scope: Scope) -> Iterator[Problem]:
    for name, state in machine.states.items():
        if not isinstance(state, dict):
            yield Problem(name, f"it must be an object, not {shown(state)}")
    for visit in visits(machine):
        for text in (*_visit_problems(visit), *unknown_names(visit, scope)):
            yield Problem(visit.name, text)


def _visit_problems(visit: Visit) -> Iterator[str]:
    kind = visit.state.get("Type")
    shape = STATES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        yield f"Type must be one of {', '.join(STATES)}, not {shown(kind)}"
        return
    if visit.language == JSONPATH and visit.machine.language == JSONATA:
        yield "its QueryLanguage is JSONPath, which a JSONata machine does not allow"
    yield from object_problems(visit.state, shape, visit.language)
    for find in _STATE_CHECKS:
        yield from find(visit)
