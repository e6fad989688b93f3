from __future__ import annotations

import contextlib
import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asl import (
    DefinitionError,
    HiddenTarget,
    Problem,
    Scope,
    UnknownIntegration,
    check,
    count_paths,
    loads,
    mermaid,
    permissions,
    require_valid,
)
from asl.checks.document import MAX_DEPTH
from tests.asl.samples import VALID

DOCUMENTS = [json.loads(path.read_text("utf-8")) for path in VALID]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
WORDS = st.sampled_from(["Pass", "Map", "{% $x %}", "{% ( %}", "$.a", "States.Format('{}'", ""])


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_definition_has_no_problem(path: Path) -> None:
    assert check(loads(path.read_text("utf-8"), path.stem)) == []


@pytest.mark.parametrize(
    "definition", [None, [], 1, "x", {}, {"StartAt": 1, "States": []}, {"States": {"A": None}}]
)
def test_what_is_no_definition_at_all_is_a_problem_not_a_crash(definition: Any) -> None:
    problems = check(definition)
    assert problems
    assert all(str(problem).endswith(".") for problem in problems)


@given(JSON)
def test_any_json_gets_sentences(document: Any) -> None:
    assert all(isinstance(problem.message, str) for problem in check(document))
    assert check({"StartAt": "A", "States": {"A": document}})


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to everything inside a document."""
    if not isinstance(value, dict | list):
        return []
    members = value.items() if isinstance(value, dict) else enumerate(value)
    return [
        place for key, member in members for place in ((*path, key), *places(member, (*path, key)))
    ]


def altered(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    return changed


@given(st.sampled_from(DOCUMENTS), st.data())
def test_a_definition_with_anything_anywhere_is_judged_and_what_passes_can_be_used(
    document: Any, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(places(document)))
    changed = altered(document, path, data.draw(JSON | WORDS))
    if check(changed):
        return
    assert mermaid(changed).startswith("flowchart TD\n")
    assert count_paths(changed)
    with contextlib.suppress(HiddenTarget, UnknownIntegration):
        permissions(changed, Scope("aws", "us-east-1", "123456789012", "Orders"))


def test_a_document_that_nests_too_deeply_is_refused_before_anything_recurses() -> None:
    deep: Any = {}
    for _ in range(5000):
        deep = {"And": [deep]}
    definition = {"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [deep]}}}
    assert check(definition) == [Problem("A", f"it nests more than {MAX_DEPTH} levels deep")]


def test_a_document_that_holds_itself_is_refused() -> None:
    definition: dict[str, Any] = {"StartAt": "A", "States": {}}
    definition["States"]["A"] = {"Type": "Map", "ItemProcessor": definition}
    assert "levels deep" in str(check(definition)[0])


def test_expressions_nested_too_deeply_are_a_problem() -> None:
    state = {"Type": "Pass", "Output": "{% " + "(" * 5000 + " %}", "End": True}
    definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state}}
    assert [str(problem) for problem in check(definition)] == [
        "State 'A': Output is not JSONata: it is nested too deeply."
    ]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (float("nan"), "State 'A': Result.x must be a number that JSON has, not nan."),
        (float("inf"), "State 'A': Result.x must be a number that JSON has, not inf."),
        ({1: 2}, "State 'A': Result.x has the name 1, which must be a string."),
        (b"x", "State 'A': Result.x must be JSON, not b'x'."),
        ((1, 2), "State 'A': Result.x must be JSON, not (1, 2)."),
    ],
)
def test_what_json_cannot_hold_is_refused(value: Any, sentence: str) -> None:
    state = {"Type": "Pass", "Result": {"x": value}, "End": True}
    problems = check({"StartAt": "A", "States": {"A": state}})
    assert [str(problem) for problem in problems] == [sentence]


def test_a_number_too_large_to_print_is_refused_too() -> None:
    state = {"Type": "Wait", "Seconds": 10**5000, "End": True}
    assert [str(problem) for problem in check({"StartAt": "A", "States": {"A": state}})] == [
        "State 'A': Seconds must be a number that fits into a double."
    ]
    assert str(check(10**5000)[0]).endswith("not a value of type int.")


def test_an_invalid_definition_is_refused_with_every_problem() -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass"}, "B": {"Type": "Succeed"}}}
    with pytest.raises(DefinitionError) as refusal:
        require_valid(definition, "Orders")
    assert str(refusal.value) == (
        "The state machine Orders is not valid:"
        "\n- State 'A': it has neither Next nor End, and must have one of them."
        "\n- State 'B': no path leads to it from StartAt."
    )


def test_a_valid_definition_is_not_refused() -> None:
    require_valid(DOCUMENTS[0], "Callbacks")


def test_a_long_value_is_quoted_cut_short() -> None:
    (problem,) = check("x" * 10_000)
    assert len(str(problem)) < 120


def test_a_path_made_to_be_slow_is_judged_at_once() -> None:
    hostile = "$" + "[(a)]" * 200 + "x["
    state = {"Type": "Pass", "InputPath": hostile, "End": True}
    (problem,) = check({"StartAt": "A", "States": {"A": state}})
    assert "InputPath must be null or a JSONPath" in str(problem)


def test_fractions_may_have_been_read_as_decimals() -> None:
    for path in VALID:
        assert check(json.loads(path.read_text("utf-8"), parse_float=Decimal)) == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1E+400"])
def test_a_decimal_that_json_cannot_hold_is_refused(number: str) -> None:
    state = {"Type": "Wait", "Seconds": Decimal(number), "End": True}
    (problem,) = check({"StartAt": "A", "States": {"A": state}})
    assert str(problem).startswith("State 'A': Seconds must be a number that ")


def test_a_message_shows_values_as_json_has_them() -> None:
    state = {"Type": "Wait", "Seconds": Decimal("0.5"), "Comment": None, "Next": True}
    said = " ".join(map(str, check({"StartAt": "A", "States": {"A": state}})))

    assert "not 0.5" in said
    assert "not null" in said
    assert "not true" in said


def test_what_a_template_fills_in_later_is_no_problem() -> None:
    filled = {"a.$": "${Path}", "b": "x"}
    path = {"Type": "Pass", "Parameters": filled, "Next": "B"}
    expression = {
        **{"Type": "Pass", "QueryLanguage": "JSONata"},
        **{"Output": "{% ${Limit} + 1 %}", "End": True},
    }

    assert check({"StartAt": "A", "States": {"A": path, "B": expression}}) == []
