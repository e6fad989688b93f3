"""The rules of a Choice state, in either query language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl.checks import kinds as k
from asl.checks.objects import object_problems
from asl.checks.shape import Field, Shape
from asl.walk import JSONATA, Visit

_ORDERED: Final = {"String": k.TEXT, "Numeric": k.NUMBER, "Timestamp": k.LITERAL_TIMESTAMP}
_RELATIONS: Final = (
    "Equals",
    "LessThan",
    "LessThanEquals",
    "GreaterThan",
    "GreaterThanEquals",
)
_VALUES: Final = {
    **{f"{name}{relation}": kind for name, kind in _ORDERED.items() for relation in _RELATIONS},
    "BooleanEquals": k.VALUE_FLAG,
}
_TESTS: Final = ("Null", "Present", "Numeric", "String", "Boolean", "Timestamp")
_COMPARISONS: Final = {
    **_VALUES,
    **{f"{name}Path": k.PATH for name in _VALUES},
    **{f"Is{name}": k.FLAG for name in _TESTS},
    "StringMatches": k.TEXT,
}
_OUTCOME: Final = {
    "Comment": Field(k.TEXT),
    "Next": Field(k.NAME),
    "Assign": Field(k.ASSIGNMENTS),
}
_CONDITION: Final = Shape(
    "a Choice rule",
    {**_OUTCOME, "Condition": Field(k.CONDITION), "Output": Field(k.TEMPLATE)},
    required=("Condition", "Next"),
)
_LOGIC: Final = {"And": k.FULL_LIST, "Or": k.FULL_LIST, "Not": k.OBJECT}
_NESTED: Final = Shape(
    "a comparison",
    {
        "Comment": Field(k.TEXT),
        "Variable": Field(k.PATH),
        **{name: Field(kind) for name, kind in {**_LOGIC, **_COMPARISONS}.items()},
    },
    exactly_one=((*_LOGIC, "Variable"),),
)
_RULE: Final = Shape(
    "a Choice rule",
    {**_NESTED.fields, **_OUTCOME},
    required=("Next",),
    exactly_one=_NESTED.exactly_one,
)


def choice_problems(visit: Visit) -> Iterator[str]:
    """What is wrong with a Choice state beyond its own fields."""
    if visit.state.get("Type") != "Choice":
        return
    if "Default" not in visit.state:
        yield "it lacks Default, so an input that no rule matches would fail the execution"
    rules = visit.state.get("Choices")
    for index, rule in enumerate(rules if isinstance(rules, list) else []):
        where = f"Choices[{index}]"
        if visit.language == JSONATA:
            yield from object_problems(rule, _CONDITION, visit.language, where)
        else:
            yield from _rule_problems(rule, _RULE, visit.language, where)


def _rule_problems(rule: Any, shape: Shape, language: str, where: str) -> Iterator[str]:
    yield from object_problems(rule, shape, language, where)
    if not isinstance(rule, Mapping):
        return
    yield from _comparison_problems(rule, where)
    for operand, path in _operands(rule, where):
        yield from _rule_problems(operand, _NESTED, language, path)


def _comparison_problems(rule: Mapping[Any, Any], where: str) -> Iterator[str]:
    given = [name for name in _COMPARISONS if name in rule]
    if len(given) > 1:
        yield f"{where} makes more than one comparison: {', '.join(given)}"
    elif "Variable" in rule and not given:
        yield f"{where} has a Variable but compares it with nothing"


def _operands(rule: Mapping[Any, Any], where: str) -> Iterator[tuple[Any, str]]:
    for name in ("And", "Or"):
        operands = rule.get(name)
        for index, operand in enumerate(operands if isinstance(operands, list) else []):
            yield operand, f"{where}.{name}[{index}]"
    if isinstance(rule.get("Not"), Mapping):
        yield rule["Not"], f"{where}.Not"
