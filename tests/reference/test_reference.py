"""The definitions' expressions have here the values that the reference implementation gives."""

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from asl import jsonata
from local.emulator.expressions import aws_functions, dialect, operators
from local.emulator.expressions.engine import JsonataError, evaluate
from tests.reference import node
from tests.reference.differences import PAGE, Difference, differences, refused
from tests.reference.inputs import inputs
from tests.reference.reads import reads
from workflows import DEFINITIONS

Question = dict[str, Any]

_NOW = 1_790_000_000_000
_LANGUAGE = Path(__file__).with_name("language.txt")
_VALUES: Sequence[Any] = (
    None,
    [],
    [{"a": 1, "b": "p", "c": True, "d": [{"e": 1}, {"e": 2}]}],
    [{"a": 1, "b": "p", "c": True, "d": [{"e": 1}]}, {"a": 2, "b": "q", "c": False, "d": []}],
    [{"a": n, "b": "pqp"[n % 3], "c": n % 2 == 0, "d": {"e": n}} for n in range(5)],
    {"a": 1, "b": "p", "d": {"e": [1, 2]}},
    [{"a": None, "b": None}, {"b": "q"}],
    5,
    [[1, 2], [3]],
)


def expressions(part: Any) -> Iterator[str]:
    """Every expression in a part of a definition."""
    if isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from expressions(each)
    elif jsonata.is_expression(part):
        yield jsonata.source(part).strip()


EXPRESSIONS = sorted({text for make in DEFINITIONS.values() for text in expressions(make())})


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the reference implementation."""
    return node.install(tmp_path_factory.mktemp("reference"))


@pytest.fixture
def fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes time and chance out of expressions."""
    monkeypatch.setattr(time, "time", lambda: _NOW / 1000)
    monkeypatch.setattr(random, "random", lambda: 0.5)


def _answer(question: Question) -> dict[str, Any]:
    try:
        return {"value": evaluate(**question)}
    except JsonataError as error:
        return {"nothing": True} if "returned nothing" in str(error) else {"error": str(error)}


def _same(ours: Any, theirs: Any) -> bool:
    """Whether two JSON values are the same; a number is a double, and no boolean."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(_same(ours[k], theirs[k]) for k in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(_same, ours, theirs))
    numbers = isinstance(ours, int | float) and isinstance(theirs, int | float)
    return isinstance(ours, bool) == isinstance(theirs, bool) and (
        float(ours) == float(theirs) if numbers else ours == theirs
    )


def _agree(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    if "value" in ours and "value" in theirs:
        return _same(ours["value"], theirs["value"])
    return ours.keys() == theirs.keys()


def _differing(folder: Path, asked: Sequence[Question]) -> tuple[list[Question], set[str]]:
    """What has another value here, and which expressions have a value for some variables."""
    theirs = node.answers(folder, _NOW, asked)
    ours = [_answer(question) for question in asked]
    told = list(zip(asked, ours, theirs, strict=True))
    differing = [
        {**question, "here": here, "reference": there}
        for question, here, there in told
        if not _agree(here, there)
    ]
    return differing, {question["expression"] for question, here, _ in told if "value" in here}


def test_every_expression_has_the_references_value(reference: Path, fixed: None) -> None:
    asked = [
        {"expression": expression, "variables": variables}
        for expression in EXPRESSIONS
        for variables in inputs(reads(expression))
    ]
    differing, valued = _differing(reference, asked)
    assert differing[:3] == [], f"{len(differing)} of {len(asked)} differ"
    assert sorted(set(EXPRESSIONS) - valued) == []


def test_the_language_has_the_references_values(reference: Path, fixed: None) -> None:
    asked = [
        {"expression": expression, "variables": {"x": value} if "$x" in expression else {}}
        for expression in _LANGUAGE.read_text(encoding="utf-8").splitlines()
        for value in (_VALUES if "$x" in expression else (None,))
    ]
    differing, valued = _differing(reference, asked)
    assert differing == []
    assert len(valued) > len(asked) / 3


def test_the_page_tells_the_references_values(reference: Path, fixed: None) -> None:
    told = list(differences())
    asked = [{"expression": each.expression, "variables": {}} for each in told]
    found = node.answers(reference, _NOW, asked)
    assert [e for e, there in zip(told, found, strict=True) if not _agree(e.reference, there)] == []


@pytest.mark.parametrize("difference", list(differences()), ids=lambda each: str(each.expression))
def test_a_difference_is_as_the_page_says(difference: Difference) -> None:
    here = _answer({"expression": difference.expression, "variables": {}})
    assert _agree(here, difference.here), here
    assert not _agree(here, difference.reference)


@pytest.mark.parametrize("expression", list(refused()))
def test_what_a_machine_may_not_have_fails_when_it_is_evaluated(expression: str) -> None:
    with pytest.raises(JsonataError, match=r"top level is not supported|Unknown operator"):
        evaluate(expression, {"states": {"input": {"name": 1}}, "name": 2})


@pytest.mark.parametrize(
    "limit",
    [dialect.DEEPEST, dialect.MOST_BYTES, operators.MOST_ITEMS, aws_functions.LONGEST_RANGE],
)
def test_the_page_tells_the_limits(limit: int) -> None:
    assert f" {limit:,} " in PAGE.read_text(encoding="utf-8")


def test_the_page_has_rows() -> None:
    assert len(list(differences())) > 10
    assert len(list(refused())) > 5
