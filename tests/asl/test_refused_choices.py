from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import (
    END,
    LAMBDA,
    assert_refused,
    jsonpath,
    machine,
    sentences,
    task,
)


def choice(*found: Any) -> dict[str, Any]:
    state = {"Type": "Choice", "Choices": list(found), "Default": "Next"}
    return jsonpath(state, Next=END)


def condition(*found: Any, **fields: Any) -> dict[str, Any]:
    return machine({"Type": "Choice", "Choices": list(found), **fields}, B=END)


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        pytest.param(
            condition({"Condition": True, "Next": "B"}), "it lacks Default", id="no default"
        ),
        pytest.param(
            condition(Default="B"), "Choices must be a list with at least one", id="no rules"
        ),
        pytest.param(
            condition({"Condition": True, "Next": "B"}, Default="C"),
            "Default names 'C'",
            id="a default to nowhere",
        ),
        pytest.param(
            condition({"Condition": "$x", "Next": "B"}, Default="B"),
            "Condition must be true, false or a JSONata expression",
            id="a condition that is mere text",
        ),
        pytest.param(
            condition({"Variable": "$.a", "IsNull": True, "Next": "B"}, Default="B"),
            "Choices[0].Variable is not a field",
            id="a comparison in JSONata",
        ),
        pytest.param(
            choice({"Variable": "$.a", "IsNull": True}), "Choices[0] lacks Next", id="no target"
        ),
        pytest.param(
            choice({"IsNull": True, "Next": "Next"}),
            "exactly one of And, Or, Not, Variable",
            id="no variable",
        ),
        pytest.param(
            choice({"Variable": "$.a", "Next": "Next"}),
            "compares it with nothing",
            id="no comparison",
        ),
        pytest.param(
            choice({"Variable": "$.a", "IsNull": True, "StringEquals": "", "Next": "Next"}),
            "more than one comparison",
            id="two comparisons",
        ),
        pytest.param(
            choice({"Variable": "$.a", "NumericEquals": "1", "Next": "Next"}),
            "NumericEquals must be a number, not '1'",
            id="a text for a number",
        ),
        pytest.param(
            choice({"Variable": "$.a", "NumericEquals": True, "Next": "Next"}),
            "NumericEquals must be a number, not true",
            id="a boolean for a number",
        ),
        pytest.param(
            choice({"Variable": "$.a", "NumericEqualsPath": 1, "Next": "Next"}),
            "NumericEqualsPath must be a JSONPath",
            id="a value for a path",
        ),
        pytest.param(
            choice({"And": [{"Variable": "$.a", "IsNull": True, "Next": "Next"}], "Next": "Next"}),
            "Choices[0].And[0].Next is not a field",
            id="a target inside an And",
        ),
        pytest.param(
            choice({"Not": {"Variable": "$.a", "Equals": 1}, "Next": "Next"}),
            "Choices[0].Not.Equals is not a field",
            id="an unknown operator",
        ),
    ],
)
def test_a_bad_choice_is_refused_by_its_states_name(definition: Any, sentence: str) -> None:
    assert_refused(definition, sentence)


def test_a_state_reached_by_a_catch_or_a_default_is_reachable() -> None:
    assert (
        sentences(machine(task(LAMBDA, Catch=[{"ErrorEquals": ["A"], "Next": "B"}]), B=END)) == []
    )
    assert sentences(choice({"Variable": "$.a", "IsNull": True, "Next": "Next"})) == []
