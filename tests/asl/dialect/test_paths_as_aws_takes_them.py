"""Paths with a space behind them, and Reference Paths with escapes, which AWS takes.

https://states-language.net/spec.html#ref-paths
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import END, PASS, assert_told_apart, jsonpath


def parameter(path: str) -> dict[str, Any]:
    return jsonpath({**PASS, "Parameters": {"a.$": path}})


def field(name: str, path: str) -> dict[str, Any]:
    return jsonpath({**PASS, name: path})


def seconds(path: str) -> dict[str, Any]:
    return jsonpath({"Type": "Wait", "SecondsPath": path, "End": True})


def variable(path: str) -> dict[str, Any]:
    rule = {"Variable": path, "IsPresent": True, "Next": "Done"}
    return jsonpath({"Type": "Choice", "Choices": [rule], "Default": "Done"}, Done=END)


@pytest.mark.parametrize(
    ("illegal", "sentence", "legal"),
    [
        (parameter("$.a b"), "Parameters.a.$ must be a JSONPath", parameter("$.ab ")),
        (parameter("$ .a"), "Parameters.a.$ must be a JSONPath", parameter("$.a  ")),
        (parameter("a "), "Parameters.a.$ must be a JSONPath", parameter("$ ")),
        (parameter("$.a[ 0"), "Parameters.a.$ must be a JSONPath", parameter("$.a[0] ")),
        (
            parameter("$$. Execution"),
            "Parameters.a.$ must be a JSONPath",
            parameter("$$.Execution.Id "),
        ),
        (field("InputPath", "$.a ["), "InputPath must be null or", field("InputPath", "$.a[*] ")),
        (
            field("OutputPath", "$.a .b"),
            "OutputPath must be null or",
            field("OutputPath", "$.a.b\t"),
        ),
        (field("ResultPath", "$.a b"), "ResultPath must be null or", field("ResultPath", "$.ab\n")),
        (field("ResultPath", "$ a"), "ResultPath must be null or", field("ResultPath", "$ ")),
        (seconds("$.a b"), "SecondsPath must be a Reference Path", seconds("$.a ")),
        (variable("$.a b"), "Variable must be a JSONPath", variable("$.a ")),
    ],
)
def test_space_is_taken_behind_a_path_and_not_within(
    illegal: dict[str, Any], sentence: str, legal: dict[str, Any]
) -> None:
    assert_told_apart(illegal, sentence, legal)


@pytest.mark.parametrize(
    ("illegal", "legal"),
    [
        ("$.store@book", r"$.store\.book"),
        ("$.store?", r"$.\stor\e.boo\k"),
        ("$.foo..bar", r"$.foo.\.bar"),
        ("$.foo[?(@.a)]", r"$.foo\@bar.baz\[\[.\?pretty"),
        ("$.a,b", r"$.a\,b"),
        ("$.a b", r"$.a\ b"),
        ("$.a[0,1]", "$.&Ж中.x"),
        ("$.a[0:1]", r"$.a\:b"),
        ("$.a*", r"$.a\*"),
        ("$.a\\", r"$.a\\\\"),
        ("$.a'b", r"$.a\'b"),
        ("$.a[b]", r"$.a\[b\]"),
        ("$.a.*", "$['store'][0]['book']"),
        ("$..a", "$.ledgers[0][22][315].foo"),
    ],
)
def test_a_backslash_makes_a_character_a_part_of_a_name_in_a_reference_path(
    illegal: str, legal: str
) -> None:
    assert_told_apart(seconds(illegal), "SecondsPath must be a Reference Path", seconds(legal))


def test_an_escaped_dollar_reads_no_variable() -> None:
    assert_told_apart(parameter("$.a[$order]"), "must be a JSONPath", parameter(r"$.a\$order"))
