"""How many arguments an intrinsic function takes, and what they may be.

https://states-language.net/spec.html#appendix-b;
https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import pytest

from tests.asl.samples import assert_told_apart, computed


@pytest.mark.parametrize(
    ("illegal", "sentence", "legal"),
    [
        ("States.Format()", "takes at least 1 arguments, not 0", "States.Format($.template)"),
        (
            "States.Format('{}')",
            "fills 1 places {}, but is given 0 values",
            "States.Format('{}', $.a)",
        ),
        (
            "States.Format('{}', $.a, $.b)",
            "fills 1 places {}, but is given 2",
            "States.Format('{}{}', $.a, $.b)",
        ),
        (
            "States.Format('a', $.a)",
            "fills 0 places {}, but is given 1",
            r"States.Format('\{{}\}', $.a)",
        ),
        (
            "States.Array(States.Format('{} {}', 1))",
            "fills 2 places {}, but is given 1",
            "States.Format($.template, 1)",
        ),
        ("States.ArrayContains($.a)", "takes 2 arguments, not 1", "States.ArrayContains($.a, 1)"),
        (
            "States.ArrayGetItem($.a, 0, 1)",
            "takes 2 arguments, not 3",
            "States.ArrayGetItem($.a, 0)",
        ),
        ("States.ArrayLength()", "takes 1 arguments, not 0", "States.ArrayLength($.a)"),
        ("States.ArrayPartition($.a)", "takes 2 arguments, not 1", "States.ArrayPartition($.a, 4)"),
        ("States.ArrayRange(1, 9)", "takes 3 arguments, not 2", "States.ArrayRange(1, 9, 2)"),
        ("States.ArrayUnique($.a, $.b)", "takes 1 arguments, not 2", "States.ArrayUnique($.a)"),
        ("States.Base64Encode()", "takes 1 arguments, not 0", "States.Base64Encode('a')"),
        ("States.Hash('a')", "takes 2 arguments, not 1", "States.Hash('a', 'MD5')"),
        (
            "States.JsonMerge($.a, $.b)",
            "takes 3 arguments, not 2",
            "States.JsonMerge($.a, $.b, false)",
        ),
        ("States.JsonToString()", "takes 1 arguments, not 0", "States.JsonToString($)"),
        ("States.MathAdd(1)", "takes 2 arguments, not 1", "States.MathAdd(1, -1)"),
        ("States.MathRandom(1)", "takes 2 or 3 arguments, not 1", "States.MathRandom(1, 9)"),
        (
            "States.MathRandom(1, 9, 2, 3)",
            "takes 2 or 3 arguments, not 4",
            "States.MathRandom(1, 9, 2)",
        ),
        ("States.StringSplit('a,b')", "takes 2 arguments, not 1", "States.StringSplit('a,b', ',')"),
        ("States.StringToJson($.a, $.b)", "takes 1 arguments, not 2", "States.StringToJson($.a)"),
        ("States.UUID(4)", "takes 0 arguments, not 1", "States.UUID()"),
    ],
)
def test_a_wrong_number_of_arguments_is_refused(illegal: str, sentence: str, legal: str) -> None:
    assert_told_apart(computed(illegal), sentence, computed(legal))


@pytest.mark.parametrize(
    ("illegal", "legal"),
    [
        ("'SHA1'", "'SHA-1'"),
        ("'SHA256'", "'SHA-256'"),
        ("'sha-256'", "'SHA-256'"),
        ("'SHA-224'", "'SHA-384'"),
        ("'SHA3-256'", "'SHA-512'"),
        ("'md5'", "'MD5'"),
        ("'MD4'", "'MD5'"),
        ("''", "$.algorithm"),
        ("null", "$$.Execution.Input.algorithm"),
        ("256", "States.Format('SHA-{}', 256)"),
    ],
)
def test_a_hash_that_the_function_does_not_know_is_refused(illegal: str, legal: str) -> None:
    assert_told_apart(
        computed(f"States.Hash($.a, {illegal})"),
        "States.Hash knows MD5, SHA-1, SHA-256, SHA-384, SHA-512, not ",
        computed(f"States.Hash($.a, {legal})"),
    )


@pytest.mark.parametrize(
    ("illegal", "legal"),
    [
        ("States.JsonMerge($.a, $.b, true)", "States.JsonMerge($.a, $.b, false)"),
        ("States.JsonMerge($.a, $.b, 'false')", "States.JsonMerge($.a, $.b, $.deep)"),
        ("States.JsonMerge($.a, $.b, null)", "States.JsonMerge($.a, $.b, false )"),
        ("States.JsonMerge($.a, $.b, 0)", "States.JsonMerge($.a,$.b,false)"),
        (
            "States.JsonMerge($$.Execution.Input, $, true)",
            "States.JsonMerge($$.Execution.Input, $, false)",
        ),
        (
            "States.Array(States.JsonMerge($.a, $.b, true))",
            "States.Array(States.JsonMerge($.a, $.b, false))",
        ),
        (
            "States.JsonMerge(States.JsonMerge($.a, $.b, true), $.c, false)",
            "States.JsonMerge(States.JsonMerge($.a, $.b, false), $.c, false)",
        ),
        (
            "States.JsonMerge(States.StringToJson('{}'), $.b, true)",
            "States.JsonMerge(States.StringToJson('{}'), $.b, false)",
        ),
        (
            "States.JsonMerge($order, $.b, 'deep')",
            "States.JsonToString(States.JsonMerge($.a, $.b, false))",
        ),
        ("States.JsonMerge($.a, $.b, 1e0)", "States.JsonMerge($['a'], $.b, false)"),
    ],
)
def test_a_deep_merge_is_refused(illegal: str, legal: str) -> None:
    sentence = "States.JsonMerge merges shallowly only: its third argument must be false"
    assert_told_apart(computed(illegal), sentence, computed(legal))


@pytest.mark.parametrize(
    ("illegal", "legal"),
    [
        ("States.MathAdd(1, '-1')", "States.MathAdd(1, -1)"),
        ("States.MathAdd(1.5, 1)", "States.MathAdd($.a, 1)"),
        ("States.ArrayRange(1, 9, '2')", "States.ArrayRange(1, $.last, 2)"),
        ("States.ArrayRange(true, 9, 2)", "States.ArrayRange(-9, 9, 2)"),
        ("States.ArrayGetItem($.a, 'first')", "States.ArrayGetItem($.a, $.index)"),
        ("States.ArrayGetItem($.a, null)", "States.ArrayGetItem($.a, 0)"),
        ("States.ArrayPartition($.a, '4')", "States.ArrayPartition($.a, 4)"),
        ("States.ArrayPartition($.a, 2.5)", "States.ArrayPartition($.a, States.MathAdd(2, 2))"),
        ("States.MathRandom('1', 9)", "States.MathRandom(1, 9)"),
        ("States.MathRandom(1, false)", "States.MathRandom(1, $$.Execution.Input.most)"),
    ],
)
def test_what_must_be_an_integer_is_none_as_text_or_fraction(illegal: str, legal: str) -> None:
    assert_told_apart(computed(illegal), " needs an integer, not ", computed(legal))
