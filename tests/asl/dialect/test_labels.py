"""Labels of distributed Maps, which become a part of an ARN.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import PASS, assert_told_apart, machine, sentences


def distributed(name: str = "Each", **fields: Any) -> dict[str, Any]:
    body = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": name,
        "States": {name: PASS},
    }
    return {"Type": "Map", "ItemProcessor": body, "End": True, **fields}


@pytest.mark.parametrize(
    ("illegal", "sentence", "legal"),
    [
        ("all lines", "must not have ' '", "all-lines"),
        ("lines\t", "must not have '\\t'", "lines"),
        ("lines?", "must not have '?'", "lines!"),
        ("lines*", "must not have '*'", "lines+"),
        ("<lines>", "must not have '<'", "(lines)"),
        ("{lines}", "must not have '{'", "${Lines}"),
        ("lines[0]", "must not have '['", "lines.0"),
        ("a:b", "must not have ':'", "a=b"),
        ("a;b", "must not have ';'", "a-b"),
        ("a,b", "must not have ','", "a.b"),
        ("a\\b", "must not have", "a/b"),
        ("a|b", "must not have '|'", "a_b"),
        ("a^b", "must not have '^'", "a'b"),
        ("a~b", "must not have '~'", "a@b"),
        ("$lines", "must not have '$'", "Lines"),
        ("#1", "must not have '#'", "1"),
        ("100%", "must not have '%'", "100"),
        ("a&b", "must not have '&'", "aundb"),
        ("`a`", "must not have '`'", "'a'"),
        ('"a"', "must not have '\"'", "a"),
        ("a\x7f", "must not have", "é"),
        ("", "must have 1 to 40 characters, not 0", "a"),
        ("é" * 41, "must have 1 to 40 characters, not 41", "é" * 40),
    ],
)
def test_a_label_that_no_arn_can_hold_is_refused(illegal: str, sentence: str, legal: str) -> None:
    assert_told_apart(
        machine(distributed(Label=illegal)),
        f"Label {sentence}",
        machine(distributed(Label=legal)),
    )


def test_a_label_is_unique_in_the_whole_definition() -> None:
    first = {**distributed("A", Label="lines"), "Next": "Second"}
    del first["End"]
    definition = machine(first, Second=distributed("B", Label="lines"))
    assert sentences(definition) == [
        "State 'Work': the Label 'lines' is given 2 times.",
        "State 'Second': the Label 'lines' is given 2 times.",
    ]
    definition["States"]["Second"]["Label"] = "others"
    assert sentences(definition) == []
