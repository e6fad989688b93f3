"""The names that expressions use: functions there are, variables that a state assigns.

Of `$states`, only those parts exist that belong to the field in which the expression stands.
Source: AWS Step Functions Developer Guide, "Transforming data with JSONata" and "Passing data
between states with variables".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from asl import jsonata, jsonpath
from asl.checks.dialect import OWN_FUNCTIONS
from asl.checks.problems import shown
from asl.checks.scopes import Scope, assignments, variables
from asl.checks.texts import Text, texts
from asl.walk import JSONATA, Visit

_FUNCTIONS: Final = jsonata.FUNCTIONS | OWN_FUNCTIONS
_RESERVED: Final = "states"
_ALWAYS: Final = frozenset({"", "$", _RESERVED})
_PARTS: Final = frozenset({"input", "context"})
_WITH_A_RESULT: Final = ("Task", "Map", "Parallel")
_AFTERWARDS: Final = ("Assign", "Output")
_MAX_NAME: Final = 80  # characters of a variable's name


def unknown_names(visit: Visit, scope: Scope) -> Iterator[str]:
    """What a state's expressions use that there is not, and assign that cannot be.

    Args:
        visit: the state.
        scope: the variables that it can read.
    """
    for where, assignment in assignments(visit.state):
        yield from (f"{where}.{name} {why}" for name, why in _misnamed(variables(assignment)))
    find = _in_jsonata if visit.language == JSONATA else _in_jsonpath
    for text in texts(visit.state):
        yield from find(text, str(visit.state.get("Type")), scope)


def _misnamed(names: Iterator[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if name == _RESERVED:
            yield name, "cannot be assigned: the name is reserved for $states"
        elif not name.isidentifier() or len(name) > _MAX_NAME:
            yield shown(name), f"is no variable's name: up to {_MAX_NAME} letters, digits and _"


def _in_jsonata(text: Text, kind: str, scope: Scope) -> Iterator[str]:
    if not jsonata.is_expression(text.text):
        return
    try:
        tree = jsonata.parse(jsonata.source(text.text))
    except jsonata.ExpressionError:
        return  # already a problem of its own
    called, known = jsonata.called(tree), _ALWAYS | _FUNCTIONS | jsonata.bound(tree)
    for path in sorted(set(jsonata.paths(tree))):
        if path[0] in called - known - scope.readable:
            yield f"{text.where} calls ${path[0]}, but there is no such function"
        elif path[0] not in known:
            yield from _unread(text, path[0], scope)
        elif path[0] == _RESERVED and len(path) > 1 and path[1] not in _parts(text, kind):
            yield f"{text.where} reads $states.{path[1]}, which does not exist there"


def _in_jsonpath(text: Text, _kind: str, scope: Scope) -> Iterator[str]:
    name = text.steps[-1]
    is_field = not text.template and (name == "Variable" or name.endswith("Path"))
    if is_field or name.endswith(".$"):
        for variable in sorted(jsonpath.variables(text.text)):
            yield from _unread(text, variable, scope)


def _unread(text: Text, name: str, scope: Scope) -> Iterator[str]:
    if name in scope.readable:
        return
    out_of_scope = "the states that assign it are in another scope"
    why = out_of_scope if name in scope.anywhere else "no state assigns it"
    yield f"{text.where} reads ${name}, but {why}"


def _parts(text: Text, kind: str) -> frozenset[Any]:
    """The parts of `$states` that exist where a text stands in a state of a kind."""
    if text.steps[0] == "Catch":
        return _PARTS | {"errorOutput"}
    has_result = kind in _WITH_A_RESULT and text.steps[0] in _AFTERWARDS
    return _PARTS | {"result"} if has_result else _PARTS
