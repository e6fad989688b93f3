"""JSONata as Step Functions evaluates it; what is not told elsewhere was measured on AWS."""

import json
import threading
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.emulator.expressions.engine import JsonataError, evaluate

_DOUBLED = "($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }"
_AS_TEXT = "100000000000000000000|1e+21|1.1|0.3"
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(value=_JSON)
def test_a_variable_comes_back_as_it_was(value: Any) -> None:
    assert evaluate("$x", {"x": value}) == value


@given(value=_JSON)
def test_parse_reads_what_string_wrote(value: Any) -> None:
    assert evaluate("$parse($text)", {"text": json.dumps(value)}) == value


@given(values=st.lists(st.integers(), max_size=20), size=st.integers(1, 9))
def test_partition_keeps_every_value_in_order(values: list[int], size: int) -> None:
    parts = evaluate("[$partition($values, $size)]", {"values": values, "size": size})
    assert [value for part in parts for value in part] == values
    assert all(len(part) == size for part in parts[:-1])


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$range(0, 6, 2)", [0, 2, 4, 6]),
        ("$range(3, 1, -1)", [3, 2, 1]),
        ("$hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("$hash('a', 'MD5')", "0cc175b9c0f1b6a831c399e269772661"),
        ("$hash('', 'SHA-256')", sha256().hexdigest()),
        ("$random(42)", 0.7275636800328681),
        ("$random(7) = $random(7)", True),
        ("$random(7) = $random(7.9)", True),
        ("$range(-1.7, 2, 1)", [-1, 0, 1, 2]),
        ("$range(1, 1, 1)", 1),
        ("$partition([1, 2, 3], 2.9)", [[1, 2], [3]]),
        ("$parse('{\"a\": [1.0, 1e2, null]}')", {"a": [1, 100, None]}),
        ("$parse('9223372036854775807')", 2**63 - 1),
        ("$map(['1', '[2]'], $parse)", [1, [2]]),
        ("($half := $partition(?, 2); $half([1, 2, 3]))", [[1, 2], [3]]),
        ("$count(null)", 1),
        ("$count($states.input.nulls)", 2),
        ("$states.input.nulls[0]", None),
        ("$exists($states.input.nulls[1]) and $type($states.input.nulls[1]) = 'null'", True),
        ("1/0", "Infinity"),
        ("[1/0, {'k': -1/0}, 0/0]", ["Infinity", {"k": "-Infinity"}, "NaN"]),
        ("$string(1e20) & '|' & 1e21 & '|' & 1.10 & '|' & (0.1 + 0.2)", _AS_TEXT),
        ("$string({'a': [1.0, 1/3, null]})", '{"a":[1,0.333333333333333,null]}'),
        ("$states.input.big", 2**53 + 1),
        ("+".join(["1"] * 100), 100),
        ("(" * 99 + "1" + ")" * 99, 1),
        (
            "$length(($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $f('x', 22)))",
            2**22,
        ),
        ("[1..873782] ~> $count()", 873_782),
        ("$count($range(1, 360145, 1))", 360_145),
        ("$random() < 1 and $random() >= 0", True),
        ("$length($uuid())", 36),
        ("$uuid() = $uuid()", False),
        ("10 / 4 * 2", 5),
        ("null", None),
        ("[{'a': 1}].a", 1),
        ("[[{'a': 1}].a]", [1]),
        ("$states.input.items.{'id': itemId}", {"id": "i"}),
        ("[$states.input.items.{'id': itemId}]", [{"id": "i"}]),
        ("$append([0], $states.input.none)", [0]),
    ],
)
def test_an_expression_has_this_value(expression: str, value: Any) -> None:
    given = {"items": [{"itemId": "i"}], "nulls": [None, None], "big": 2**53 + 1}
    states = {"input": given}
    assert evaluate(expression, {"states": states}) == value


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("$nothing", "returned nothing (undefined)"),
        ("$x.missing", "returned nothing (undefined)"),
        ("$x +", "threw an error during evaluation"),
        ("1 + 'a'", "threw an error during evaluation"),
        ("1 / 0 + 1", "threw an error during evaluation. D1001: Number out of range"),
        (
            "$eval('1 + 1')",
            "threw an error during evaluation. T1006: Attempted to invoke a non-function",
        ),
        ("$hash('a', 'CRC')", "no such algorithm, only MD5"),
        ("$hash('a', 'md5')", "no such algorithm, only MD5"),
        ("$hash('a')", "returned nothing (undefined)"),
        ("$hash(1, 'MD5')", "T0410"),
        ("$range(1, 2)", "returned nothing (undefined)"),
        ("$range(1, 2, -1)", "returned nothing (undefined)"),
        ("$range(1, 2, 0)", "returned nothing (undefined)"),
        ("$range('1', 2, 1)", "T0410"),
        ("$partition([1], 0)", "returned nothing (undefined)"),
        ("$partition([], 2)", "returned nothing (undefined)"),
        ("$partition([1], -1)", "must not be negative"),
        ("$parse('{')", "threw an error during evaluation. D3137: Invalid JSON"),
        ("$parse('')", "D3137: Invalid JSON"),
        ("$parse('1 2')", "D3137: Invalid JSON"),
        ("$parse('NaN')", "D3137: Invalid JSON"),
        ("$parse('1e400')", "D3137: Invalid JSON"),
        ('$parse(\'{"a": 1, "a": 2}\')', "D3137: Invalid JSON"),
        ("$parse(1)", "T0410"),
        ("$random('7')", "T0410"),
        ("$uuid(1)", "T0410"),
        ("+".join(["1"] * 101), "Stack overflow error"),
        ("(" * 100 + "1" + ")" * 100, "Stack overflow error"),
        (f"{_DOUBLED}; $f('x', 23))", "memory limit exceeded"),
        ("[1..873783]", "memory limit exceeded"),
        ("$range(1, 360146, 1)", "memory limit exceeded"),
        ("function($x) { $x }", "returned an unsupported result type"),
    ],
)
def test_an_expression_fails_for_this_reason(expression: str, reason: str) -> None:
    with pytest.raises(JsonataError) as failure:
        evaluate(expression, {"x": {}})
    assert reason in str(failure.value)


def test_threads_share_a_parsed_expression() -> None:
    wrong: list[int] = []

    def work(number: int) -> None:
        for step in range(50):
            found = evaluate("$sum($map($xs, function($x) { $x + $n }))", {"xs": [1, 2], "n": step})
            if found != 3 + 2 * step:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
