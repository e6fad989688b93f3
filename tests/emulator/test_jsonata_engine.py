"""JSONata as Step Functions evaluates it."""

import json
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.emulator.expressions.engine import JsonataError, evaluate

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
        ("$random(7) = $random(7)", True),
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
    states = {"input": {"items": [{"itemId": "i"}]}}
    assert evaluate(expression, {"states": states}) == value


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("$nothing", "returned nothing (undefined)"),
        ("$x.missing", "returned nothing (undefined)"),
        ("$x +", "threw an error during evaluation"),
        ("1 + 'a'", "threw an error during evaluation"),
        ("1 / 0", "threw an error during evaluation"),
        ("$eval('1 + 1')", "threw an error during evaluation"),
        ("$hash('a', 'CRC')", "must be one of MD5"),
        ("$range(1, 2, 0)", "must not be 0"),
        ("$partition([1], 0)", "must be a positive integer"),
        ("$parse('{')", "threw an error during evaluation"),
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
