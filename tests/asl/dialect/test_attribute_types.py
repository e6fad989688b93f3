"""BOOL and NULL in SDK integrations of DynamoDB, which do not handle them as DynamoDB does.

https://github.com/aws/aws-sdk-js/issues/4294
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import assert_told_apart, integration, jsonpath, machine, sentences, task

PUT = "aws-sdk:dynamodb:putItem"


def put(*attributes: Any, api: str = PUT) -> dict[str, Any]:
    (value,) = attributes
    return machine(integration(api, {"TableName": "T", "Item": {"Id": {"S": "1"}, "A": value}}))


@pytest.mark.parametrize(
    ("illegal", "place", "legal"),
    [
        ({"BOOL": True}, ".A.BOOL is not safe", {"S": "true"}),
        ({"NULL": True}, ".A.NULL is not safe", {"S": ""}),
        ({"Bool": False}, ".A.Bool is not safe", {"N": "0"}),
        ({"M": {"B": {"NULL": True}}}, ".A.M.B.NULL is not safe", {"M": {"BOOL": {"S": "x"}}}),
        ({"L": [{"BOOL": True}]}, ".A.L[0].BOOL is not safe", {"L": [{"N": "1"}]}),
        ("{% {'NULL': true} %}", ".A makes a NULL", "{% {'S': 'NULL'} %}"),
        ("{% {'BOOL': $states.input.a} %}", ".A makes a BOOL", "{% {'S': $states.input.BOOL} %}"),
        (
            "{% $exists($states.input.a) ? {'S': $states.input.a} : {'NULL': true} %}",
            ".A makes a NULL",
            "{% $merge([{'S': $states.input.a}]) %}",
        ),
        (
            {"L": "{% [$states.input.items.{'M': {'a': {'BOOL': paid}}}] %}"},
            ".A.L makes a BOOL",
            {"L": "{% [$states.input.items.{'M': {'BOOL': {'S': a}}}] %}"},
        ),
        (
            {"BOOL": "{% $states.input.a %}"},
            ".A.BOOL is not safe",
            {"S": "{% $string($states.input.a) %}"},
        ),
        ({"Nul": True}, ".A.Nul is no parameter", {"SS": ["a"]}),
    ],
)
def test_a_flag_or_a_null_is_refused_with_the_reason(illegal: Any, place: str, legal: Any) -> None:
    assert_told_apart(put(illegal), f"Arguments.Item{place}", put(legal))


def test_the_reason_says_what_to_do() -> None:
    (found,) = sentences(put({"BOOL": True}))
    assert found.endswith("leave out an attribute that is absent, and write a flag as S or N.")


def test_in_jsonpath_a_path_to_a_flag_is_refused_too() -> None:
    request = {"TableName": "T", "Item": {"Id": {"S": "1"}, "A": {"BOOL.$": "$.a"}}}
    illegal = jsonpath(task(f"arn:aws:states:::{PUT}", Parameters=request))
    optimized = jsonpath(task("arn:aws:states:::dynamodb:putItem", Parameters=request))
    assert_told_apart(illegal, "Parameters.Item.A.BOOL.$ is not safe", optimized)


@pytest.mark.parametrize("value", [{"BOOL": True}, {"NULL": True}, "{% {'NULL': true} %}"])
def test_the_optimized_integration_takes_both(value: Any) -> None:
    assert_told_apart(put(value), "not safe", put(value, api="dynamodb:putItem"))
