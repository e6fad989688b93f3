"""JSON from outside: exact, unambiguous, within its budget."""

import json
from decimal import Decimal
from time import monotonic

import pytest

from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.json_text import MAX_BYTES, MAX_DEPTH, exact, loads


def test_fractions_are_exact_and_what_has_none_is_an_integer() -> None:
    found = loads('{"price": 0.10, "quantity": 3, "two": 2.0, "e": 1e2, "minus": -0.0}')
    assert found == {"price": Decimal("0.10"), "quantity": 3, "two": 2, "e": 100, "minus": 0}
    assert [type(value) for value in found.values()] == [Decimal, int, int, int, int]


def test_what_a_runtime_parsed_with_floats_is_what_would_have_been_read() -> None:
    text = '{"price": 19.99, "lines": [{"quantity": 2.0}, 1e300, "2.0", true]}'
    assert exact(json.loads(text)) == loads(text)
    assert type(exact(2.0)) is int
    assert exact(Decimal("3.0")) == 3
    assert exact(float("inf")) == Decimal("Infinity")


@pytest.mark.parametrize("text", ["1e40", "1e999999", "1e-999999", "0e999999"])
def test_an_integer_that_nobody_could_write_out_is_left_as_it_is(text: str) -> None:
    assert type(loads(text)) is Decimal


def test_bytes_with_or_without_a_byte_order_mark_are_read() -> None:
    assert loads("{}".encode("utf-8-sig")) == loads(b"{}") == {}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "must be JSON"),
        ("{", "must be JSON"),
        ("{} x", "must be JSON"),
        ("{'a': 1}", "must be JSON"),
        ('["\t"]', "must be JSON"),
        ("NaN", "has no NaN"),
        ("[-Infinity]", "has no -Infinity"),
        ('{"a": 1, "a": 2}', 'must not give "a" twice'),
        ('{"b": {"4242424242424242": 1, "4242424242424242": 2}}', "unfit name twice"),
        (b"\xff\xfe{\x00}\x00", "must be UTF-8"),
        ('"\ud800"', "must be UTF-8"),
        ("9" * 41, "more than 40 characters"),
        ("0." + "9" * 41, "more than 40 characters"),
        ("1e" + "9" * 30, "such an exponent"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "nested deeper"),
        ("[" * 60000, "nested deeper"),
        ('"' + "a" * MAX_BYTES + '"', "at most 65536 bytes"),
        ('"' + "é" * (MAX_BYTES // 2) + '"', "at most 65536 bytes"),
    ],
    ids=range(18),
)
def test_a_text_that_is_not_plain_json_is_refused(text: str | bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        loads(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": {"price": NaN}}', "price must be JSON, which has no NaN"),
        ('{"a": [{"total": [1, -Infinity]}]}', "total must be JSON, which has no -Infinity"),
        ('{"n": ' + "9" * 41 + "}", "n must not be a number of more than 40 characters"),
        ('{"4242424242424242": NaN}', "a field with an unfit name must be JSON"),
        ("[NaN]", "the document must be JSON, which has no NaN"),
    ],
)
def test_what_is_no_number_is_named_by_its_field(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        loads(text)


def test_brackets_inside_a_string_are_not_depth() -> None:
    assert loads('["[[[[[[[[[[[[[[[[[[\\"[[[["]') == ['[[[[[[[[[[[[[[[[[["[[[[']


@pytest.mark.parametrize(
    "text", ['"' + '\\"' * 32000, '"' * 65000, '"' + "\\" * 65000], ids=["escapes", "quotes", "\\"]
)
def test_a_hostile_text_is_refused_at_once(text: str) -> None:
    started = monotonic()
    with pytest.raises(BadInput):
        loads(text)
    assert monotonic() - started < 2
