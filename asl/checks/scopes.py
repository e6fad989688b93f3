"""Which variables the states of each body can read.

A Map's or Parallel's body reads what the states around it assign; what it assigns itself, nobody
outside reads. The executions of a distributed Map read nothing from around them. Whether a variable
was assigned *before* it is read is known only when the machine runs.
Source: AWS Step Functions Developer Guide, "Passing data between states with variables", scope.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from asl.distributed import is_distributed
from asl.walk import Machine, bodies, machines


class Scope(NamedTuple):
    """The variables that states of one machine or body can read, and those of the definition."""

    readable: frozenset[str]
    anywhere: frozenset[str]


class Scopes:
    """The scope of every machine and body of a definition."""

    def __init__(self, definition: Any) -> None:
        found = list(machines(definition))
        own = [frozenset(_assigned(machine)) for machine in found]
        self._anywhere = frozenset[str]().union(*own)
        self._readable: dict[int, frozenset[str]] = {}  # by the identity of a body's document
        for machine, names in zip(found, own, strict=True):  # a body comes after what it is in
            readable = self._readable.get(id(machine.document), frozenset()) | names
            self._readable[id(machine.document)] = readable
            self._hand_down(machine, readable)

    def of(self, machine: Machine) -> Scope:
        """What the states of one machine can read."""
        return Scope(self._readable[id(machine.document)], self._anywhere)

    def _hand_down(self, machine: Machine, readable: frozenset[str]) -> None:
        for state in machine.states.values():
            if isinstance(state, Mapping):
                inherited = frozenset[str]() if is_distributed(state) else readable
                for body in bodies(state):
                    self._readable[id(body)] = inherited


def variables(assignments: Any) -> Iterator[str]:
    """The variables that one `Assign` gives a value."""
    if isinstance(assignments, Mapping):
        yield from (str(name).removesuffix(".$") for name in assignments)


def assignments(state: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Every `Assign` of a state, those of its rules too, with the way to it."""
    yield "Assign", state.get("Assign")
    for field in ("Choices", "Catch"):
        rules = state.get(field)
        for index, rule in enumerate(rules if isinstance(rules, list) else []):
            if isinstance(rule, Mapping):
                yield f"{field}[{index}].Assign", rule.get("Assign")


def _assigned(machine: Machine) -> Iterator[str]:
    for state in machine.states.values():
        if isinstance(state, Mapping):
            for _, assignment in assignments(state):
                yield from variables(assignment)
