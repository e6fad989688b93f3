"""Variables of the machines: who reads one finds all of it there, whichever state assigned it."""

from collections.abc import Iterator
from typing import Any

import pytest

from workflows import DEFINITIONS


def assigned(part: Any) -> Iterator[tuple[str, frozenset[str]]]:
    """Every variable that is assigned an object, with that object's fields."""
    if isinstance(part, dict):
        for name, value in part.get("Assign", {}).items():
            if isinstance(value, dict):
                yield name, frozenset(value)
    for inner in part.values() if isinstance(part, dict) else part:
        if isinstance(inner, dict | list):
            yield from assigned(inner)


@pytest.mark.parametrize("workflow", DEFINITIONS)
def test_whatever_assigns_a_variable_gives_it_the_same_fields(workflow: str) -> None:
    fields: dict[str, set[frozenset[str]]] = {}
    for name, found in assigned(DEFINITIONS[workflow]()):
        fields.setdefault(name, set()).add(found)

    assert {name: shapes for name, shapes in fields.items() if len(shapes) > 1} == {}


def test_an_assignment_is_found_wherever_it_stands() -> None:
    catch = {"ErrorEquals": ["States.ALL"], "Assign": {"failure": {"step": "", "done": ""}}}
    body = {"States": {"Inner": {"Type": "Task", "Catch": [catch], "Assign": {"failure": {}}}}}
    outer = {"Type": "Parallel", "Branches": [body]}

    found = set(assigned({"States": {"Outer": outer}}))

    assert found == {("failure", frozenset({"step", "done"})), ("failure", frozenset())}
