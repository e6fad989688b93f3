"""The names in JSONata expressions: functions that exist, variables that some state assigns.

Of `$states`, only those parts exist that belong to the field in which the expression stands.
Source: AWS Step Functions Developer Guide, "Transforming data with JSONata" and "Passing data
between states with variables".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from asl import jsonata
from asl.walk import JSONATA, Machine, Visit

_STEP_FUNCTIONS_OWN: Final = frozenset({"partition", "range", "hash", "random", "uuid", "parse"})
_ALWAYS: Final = frozenset({"", "$", "states"})
_PARTS: Final = frozenset({"input", "context"})
_BOUND: Final = re.compile(r"\$(\w+)\s*:=|[@#]\s*\$(\w+)")
_PARAMETERS: Final = re.compile(r"(?:function|\u03bb)\s*\(([^)]*)\)")
_BODIES: Final = ("Branches", "ItemProcessor", "Iterator")
_WITH_A_RESULT: Final = ("Task", "Map", "Parallel")


class Place(NamedTuple):
    """Where an expression stands, and the parts of `$states` that exist there."""

    where: str
    parts: frozenset[str]


def assigned(machine: Machine) -> frozenset[str]:
    """The variables that some state of a machine, or of a body in it, assigns."""
    return frozenset(_assigned(machine.document))


def name_problems(visit: Visit, variables: frozenset[str]) -> Iterator[str]:
    """What a state's expressions use that there is not.

    Args:
        visit: the state.
        variables: what any state of the definition assigns; whether it did so before is known
            only when the machine runs.
    """
    if visit.language != JSONATA:
        return
    if "states" in _keys(visit.state.get("Assign")):
        yield "Assign.states: the name is reserved for $states"
    for place, text in _expressions(visit.state):
        try:
            tree = jsonata.parse(jsonata.source(text))
        except jsonata.ExpressionError:
            continue  # already a problem of its own
        yield from _unknown(tree, text, place, variables)


def _unknown(tree: Any, text: str, place: Place, variables: frozenset[str]) -> Iterator[str]:
    functions = jsonata.called(tree)
    known = _ALWAYS | jsonata.FUNCTIONS | _STEP_FUNCTIONS_OWN | variables | _bound(text)
    for path in sorted(set(jsonata.paths(tree))):
        name, part = path[0], path[1] if len(path) > 1 else None
        if name not in known:
            kind = "calls" if name in functions else "reads"
            why = "no such function" if name in functions else "no state assigns it"
            yield f"{place.where} {kind} ${name}, but {why}"
        elif name == "states" and part is not None and part not in place.parts:
            yield f"{place.where} reads $states.{part}, which does not exist there"


def _bound(text: str) -> set[str]:
    """What an expression names itself: with `:=`, as a parameter, or with `@` and `#`."""
    names = {name for match in _BOUND.findall(text) for name in match if name}
    for parameters in _PARAMETERS.findall(text):
        names |= set(re.findall(r"\$(\w+)", parameters))
    return names


def _expressions(state: Mapping[Any, Any]) -> Iterator[tuple[Place, str]]:
    result = {"result"} if state.get("Type") in _WITH_A_RESULT else set[str]()
    for field, value in state.items():
        if field in _BODIES:
            continue
        if field == "Catch" and isinstance(value, list):
            for index, catcher in enumerate(value):
                parts = _PARTS | {"errorOutput"}
                yield from _texts(catcher, Place(f"Catch[{index}]", parts))
        else:
            after = result if field in ("Assign", "Output") else set[str]()
            yield from _texts(value, Place(str(field), _PARTS | after))


def _texts(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from _texts(member, place._replace(where=f"{place.where}.{name}"))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _texts(member, place._replace(where=f"{place.where}[{index}]"))
    elif jsonata.is_expression(value):
        yield place, value


def _assigned(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _keys(value.get("Assign"))
        for member in value.values():
            yield from _assigned(member)
    elif isinstance(value, list):
        for member in value:
            yield from _assigned(member)


def _keys(value: Any) -> set[str]:
    return {str(name).removesuffix(".$") for name in value} if isinstance(value, Mapping) else set()
