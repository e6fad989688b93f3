"""A definition as a Mermaid flowchart.

Solid arrows are the way on, dashed ones are Catch rules with the errors they take; a Map or a
Parallel is a box around its bodies, and a state that ends its machine has a thick border.
Source of the syntax: Mermaid documentation, "Flowcharts".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final

from asl import jsonata
from asl.walk import bodies

_SHAPES: Final[Mapping[str, tuple[str, str]]] = {
    "Choice": ("{", "}"),
    "Wait": ("([", "])"),
    "Pass": ("(", ")"),
    "Succeed": ("[[", "]]"),
    "Fail": ("[[", "]]"),
}
_BOX: Final = ("[", "]")
_CLASSES: Final = (
    "classDef succeed stroke:#2e7d32,stroke-width:2px",
    "classDef fail stroke:#c62828,stroke-width:2px",
    "classDef last stroke-width:3px",
)
_START: Final = "start"
_END: Final = "finish"
_SHOWN: Final = 60
_ESCAPED: Final = re.compile(r'[#"<>&`|{}\[\]()\\;]')


def mermaid(definition: Mapping[str, Any], title: str | None = None) -> str:
    """The flowchart of a valid definition; the same definition gives the same text.

    Args:
        definition: a definition without problems.
        title: shown above the chart.
    """
    head = [] if title is None else ["---", f"title: {json.dumps(title)}", "---"]
    return "\n".join([*head, "flowchart TD", *_indented(_chart(definition))]) + "\n"


def _chart(definition: Mapping[str, Any]) -> Iterator[str]:
    ids = (f"s{number}" for number in count(1))
    names = {name: next(ids) for name in definition["States"]}
    yield f'{_START}(["Start"])'
    yield from _machine(definition, names, ids)
    yield f"{_START} --> {names[definition['StartAt']]}"
    ends = [names[name] for name, state in definition["States"].items() if state.get("End")]
    if ends:
        yield f'{_END}(["End"])'
    yield from (f"{end} --> {_END}" for end in ends)
    yield from _CLASSES


def _machine(
    machine: Mapping[str, Any], names: Mapping[str, str], ids: Iterator[str]
) -> Iterator[str]:
    """The nodes of one machine with their bodies, then its arrows."""
    for name, state in machine["States"].items():
        inner = bodies(state)
        if inner:
            yield from _container(name, names[name], inner, ids)
        else:
            yield _node(name, names[name], state["Type"])
        if kind := _end_class(state):
            yield f"class {names[name]} {kind}"
    for name, state in machine["States"].items():
        yield from (f"{names[name]} {arrow}" for arrow in _arrows(state, names))


def _node(name: str, node: str, kind: str) -> str:
    left, right = _SHAPES.get(kind, _BOX)
    return f'{node}{left}"{_escaped(name)}"{right}'


def _end_class(state: Mapping[str, Any]) -> str | None:
    """How a state that ends its machine is drawn; None for one that does not."""
    if state["Type"] in ("Succeed", "Fail"):
        return str(state["Type"]).lower()
    return "last" if state.get("End") else None


def _container(
    name: str, node: str, inner: list[Mapping[str, Any]], ids: Iterator[str]
) -> Iterator[str]:
    yield f'subgraph {node}["{_escaped(name)}"]'
    for body in inner:
        names = {state: next(ids) for state in body["States"]}
        if len(inner) == 1:
            yield from _indented(_machine(body, names, ids))
        else:
            yield f'    subgraph {next(ids)}[" "]'
            yield from _indented(_indented(_machine(body, names, ids)))
            yield "    end"
    yield "end"


def _arrows(state: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    if "Next" in state:
        yield f"--> {names[state['Next']]}"
    for rule in state.get("Choices", ()):
        yield f'-->|"{_escaped(_condition(rule))}"| {names[rule["Next"]]}'
    if "Default" in state:
        yield f'-->|"otherwise"| {names[state["Default"]]}'
    for rule in state.get("Catch", ()):
        errors = ", ".join(rule["ErrorEquals"])
        yield f'-.->|"{_escaped(errors)}"| {names[rule["Next"]]}'


def _condition(rule: Mapping[str, Any]) -> str:
    """A Choice rule in words that fit on an arrow: its condition, or its comparison."""
    condition = rule.get("Condition")
    if jsonata.is_expression(condition):
        return jsonata.source(str(condition)).strip()
    if condition is not None:
        return json.dumps(condition)
    parts = [
        f"{name} {value if isinstance(value, str) else json.dumps(value)}"
        for name, value in rule.items()
        if name not in ("Next", "Comment", "Assign", "Variable")
    ]
    return " ".join([str(rule.get("Variable", "")), *parts]).strip()


def _escaped(text: str) -> str:
    """A text as a quoted label holds it: on one line, cut short, its special characters coded."""
    line = " ".join(text.split())
    short = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."
    return _ESCAPED.sub(lambda found: f"#{ord(found[0])};", short)


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)
