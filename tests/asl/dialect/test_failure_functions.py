"""Functions in ErrorPath and CausePath, which must give text.

https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import assert_told_apart, jsonpath


def fail(field: str, value: Any) -> dict[str, Any]:
    return jsonpath({"Type": "Fail", field: value})


@pytest.mark.parametrize("field", ["ErrorPath", "CausePath"])
@pytest.mark.parametrize(
    ("illegal", "sentence", "legal"),
    [
        (
            "States.Array($.a)",
            "gives text, and States.Array does not",
            "States.ArrayGetItem($.a, 0)",
        ),
        (
            "States.ArrayPartition($.a, 2)",
            "and States.ArrayPartition does not",
            "States.JsonToString($.a)",
        ),
        (
            "States.ArrayContains($.a, 1)",
            "and States.ArrayContains does not",
            "States.Format('{}', $.a)",
        ),
        (
            "States.ArrayRange(1, 2, 1)",
            "and States.ArrayRange does not",
            "States.Format('{}', States.UUID())",
        ),
        (
            "States.ArrayLength($.a)",
            "and States.ArrayLength does not",
            "States.Format('{}', States.ArrayLength($.a))",
        ),
        (
            "States.ArrayUnique($.a)",
            "and States.ArrayUnique does not",
            "States.JsonToString(States.ArrayUnique($.a))",
        ),
        (
            "States.StringToJson($.a)",
            "and States.StringToJson does not",
            "States.Base64Decode($.a)",
        ),
        (
            "States.JsonMerge($.a, $.b, false)",
            "and States.JsonMerge does not",
            "States.Base64Encode($.a)",
        ),
        ("States.MathAdd(1, 2)", "and States.MathAdd does not", "States.Hash($.a, 'MD5')"),
        ("States.MathRandom(1, 2)", "and States.MathRandom does not", "States.UUID()"),
        ("States.StringSplit($.a, ',')", "and States.StringSplit does not", "$.a"),
        (
            "States.Format('{}')",
            "is no intrinsic function: States.Format fills",
            "$$.Execution.Name",
        ),
        ("$.a[*]", "must be a Reference Path or an intrinsic function", "$.a[0]"),
        ("the cause", "must be a Reference Path or an intrinsic function", "${CausePath}"),
    ],
)
def test_a_source_that_gives_no_text_is_refused(
    field: str, illegal: str, sentence: str, legal: str
) -> None:
    assert_told_apart(fail(field, illegal), sentence, fail(field, legal))
