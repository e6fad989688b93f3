"""Texts that look like an expression: AWS keeps them as text, and a warning says so.

https://states-language.net/spec.html#expressions and #payload-template
"""

from __future__ import annotations

from typing import Any

import pytest

import asl
from tests.asl.samples import LAMBDA, PASS, jsonpath, machine, sentences, task


def warned(definition: Any) -> list[str]:
    return [str(warning) for warning in asl.warnings(definition)]


def jsonata_output(value: Any) -> dict[str, Any]:
    return machine({**PASS, "Output": value})


def parameters(value: Any) -> dict[str, Any]:
    return jsonpath({**PASS, "Parameters": value})


@pytest.mark.parametrize(
    ("doubtful", "where", "clear"),
    [
        (jsonata_output(" {% $states.input %}"), "Output", jsonata_output("{% $states.input %}")),
        (jsonata_output("{% $states.input %} "), "Output", jsonata_output("{%$states.input%}")),
        (jsonata_output("{% $states.input }"), "Output", jsonata_output("{ $states.input }")),
        (jsonata_output("$states.input }%}"), "Output", jsonata_output("100 %")),
        (jsonata_output("Order {% $id %}!"), "Output", jsonata_output("Order { id }!")),
        (
            jsonata_output({"a": "$states.input.a"}),
            "Output.a",
            jsonata_output({"a": "states.input.a"}),
        ),
        (jsonata_output(["$.a"]), "Output[0]", jsonata_output(["$5.50"])),
        (jsonata_output("$$.Task.Token"), "Output", jsonata_output("$$")),
        (jsonata_output("States.Format('{}', 1)"), "Output", jsonata_output("States of the order")),
        (
            jsonata_output({"a.$": "$.b"}),
            "Output.a.$",
            jsonata_output({"a": "{% $states.input.b %}"}),
        ),
        (jsonata_output({"a": 1, "a.$": "x"}), "Output.a.$", jsonata_output({"a": 1, "a$": "x"})),
        (
            machine({"Type": "Fail", "Cause": "{% $x }"}),
            "Cause",
            machine({"Type": "Fail", "Cause": "{% 'x' %}"}),
        ),
    ],
)
def test_in_jsonata_a_text_near_an_expression_is_kept_with_a_warning(
    doubtful: dict[str, Any], where: str, clear: dict[str, Any]
) -> None:
    assert sentences(doubtful) == []
    (found,) = warned(doubtful)
    assert found.startswith(
        f"State 'Work': {where} is kept as text; it was perhaps meant as an expr"
    )
    assert warned(clear) == []


@pytest.mark.parametrize(
    ("doubtful", "where", "clear"),
    [
        (parameters({"a": "$.b"}), "Parameters.a", parameters({"a.$": "$.b"})),
        (
            parameters({"a": "$$.Execution.Id"}),
            "Parameters.a",
            parameters({"a.$": "$$.Execution.Id"}),
        ),
        (parameters({"a": "$['b']"}), "Parameters.a", parameters({"a.$": "$['b']"})),
        (parameters({"a": "States.UUID()"}), "Parameters.a", parameters({"a.$": "States.UUID()"})),
        (parameters({"a": {"b": ["$.c"]}}), "Parameters.a.b[0]", parameters({"a": {"b": ["c"]}})),
        (parameters({"a": "{% $b %}"}), "Parameters.a", parameters({"a": "{ b }"})),
        (
            jsonpath({"Type": "Fail", "Error": "{% 'x' %}"}),
            "Error",
            jsonpath({"Type": "Fail", "Error": "x"}),
        ),
        (
            jsonpath({**PASS, "Assign": {"a": "$.b"}}),
            "Assign.a",
            jsonpath({**PASS, "Assign": {"a.$": "$.b"}}),
        ),
        (
            jsonpath(task(LAMBDA, ResultSelector={"a": "$.b"})),
            "ResultSelector.a",
            jsonpath(task(LAMBDA, ResultSelector={"a.$": "$.b"})),
        ),
        (
            jsonpath(task(LAMBDA, Parameters={"a": "$.b"})),
            "Parameters.a",
            jsonpath(task(LAMBDA, Parameters={"a": "$5"})),
        ),
        (parameters({"a": " $.b"}), "Parameters.a", jsonpath({**PASS, "Result": {"a": "$.b"}})),
    ],
)
def test_in_jsonpath_a_text_near_a_path_is_kept_with_a_warning(
    doubtful: dict[str, Any], where: str, clear: dict[str, Any]
) -> None:
    assert sentences(doubtful) == []
    (found,) = warned(doubtful)
    assert found.startswith(
        f"State 'Work': {where} is kept as text; it was perhaps meant as an expr"
    )
    assert warned(clear) == []


@pytest.mark.parametrize("value", [None, [], "x", {}, {"States": {"A": 5}}])
def test_what_is_no_definition_gets_no_warning(value: Any) -> None:
    assert asl.warnings(value) == []
