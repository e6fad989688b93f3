"""Escapes and space in calls of intrinsic functions.

https://states-language.net/spec.html#intrinsic-functions, rules 2, 3 and 6.
"""

from __future__ import annotations

import pytest

from tests.asl.samples import assert_told_apart, computed


@pytest.mark.parametrize(
    ("illegal", "legal"),
    [
        (r"States.Format('a\n{}', $.a)", r"States.Format('a\\n{}', $.a)"),
        (r"States.Format('\t')", "States.Format('\t')"),
        (r"States.StringSplit($.a, '\d')", r"States.StringSplit($.a, '\\d')"),
        (r"States.Format('\"{}\"', $.a)", """States.Format('"{}"', $.a)"""),
        (r"States.StringToJson('\[1\]')", "States.StringToJson('[1]')"),
        (r"States.Array('a\ b')", "States.Array('a b')"),
        (r"States.Base64Encode('C:\dir')", r"States.Base64Encode('C:\\dir')"),
        (r"States.Array(States.Format('\u0041'))", r"States.Array(States.Format('\'A\''))"),
        (r"States.ArrayContains($.a, '\/')", "States.ArrayContains($.a, '/')"),
        (r"States.Hash('\$', 'MD5')", "States.Hash('$', 'MD5')"),
    ],
)
def test_a_backslash_that_escapes_nothing_reserved_is_refused(illegal: str, legal: str) -> None:
    sentence = "Parameters.a.$ is no intrinsic function: a text must not have"
    assert_told_apart(computed(illegal), sentence, computed(legal))


@pytest.mark.parametrize(
    ("illegal", "legal"),
    [
        ("States.Format('{')", r"States.Format('\{')"),
        ("States.Format('}')", r"States.Format('\}')"),
        ("States.Format('{a}', $.a)", r"States.Format('\{{}\}', $.a)"),
        ("States.Format('{{}}', $.a)", r"States.Format('\{{}\}', $.a)"),
        ("States.Format('{ }', $.a)", "States.Format('{}', $.a)"),
        ("States.Format('{0}', $.a)", "States.Format('{}0', $.a)"),
        (r"States.Format('\{{}', $.a, $.b)", r"States.Format('\{{}', $.a)"),
        ("""States.Format('{"a": {}}', $.a)""", r"""States.Format('\{"a": {}\}', $.a)"""),
        ("States.Array(States.Format('{'))", "States.Array(States.Format('x'))"),
        (r"States.Format('\\{')", r"States.Format('\\\{')"),
    ],
)
def test_a_brace_of_a_format_that_is_no_place_is_escaped(illegal: str, legal: str) -> None:
    sentence = "Parameters.a.$ is no intrinsic function: States.Format "
    assert_told_apart(computed(illegal), sentence, computed(legal))


@pytest.mark.parametrize(
    ("illegal", "sentence", "legal"),
    [
        (" States.UUID()", "must begin with the function's name", "States.UUID()"),
        ("\tStates.UUID()", "must begin with the function's name", "States.UUID() "),
        ("\nStates.Array(1)", "must begin with the function's name", "States.Array(\n1)"),
        ("  States.Format('a')", "must begin with the function's name", "States.Format(  'a'  )"),
        (" States.Array( 1 )", "must begin with the function's name", "States.Array( 1 )"),
        ("States.UUID ()", "must follow States.UUID immediately", "States.UUID( )"),
        (
            "States.Array (1)",
            "must follow States.Array immediately",
            "States.Array (1)".replace(" ", ""),
        ),
        (
            "States.Array(States.UUID ())",
            "must follow States.UUID immediately",
            "States.Array( States.UUID())",
        ),
        ("States.Format\t('a')", "must follow States.Format immediately", "States.Format(\t'a')"),
        (
            "States.Hash  ($.a, 'MD5')",
            "must follow States.Hash immediately",
            "States.Hash($.a , 'MD5')",
        ),
    ],
)
def test_space_before_a_call_or_its_bracket_is_refused(
    illegal: str, sentence: str, legal: str
) -> None:
    assert_told_apart(computed(illegal), sentence, computed(legal))
