"""Operators that JSONata has only since version 2.1; Step Functions has 2.0.6.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import pytest

from tests.asl.samples import assert_told_apart, output

X = "$states.input"


@pytest.mark.parametrize(
    ("illegal", "operator", "legal"),
    [
        (f"{X}.a ?? 0", "??", f"$exists({X}.a) ? {X}.a : 0"),
        (f"{X}.a ?: 0", "?:", f"{X}.a ? {X}.a : 0"),
        (f"({X}.a ?? {X}.b).c", "??", f"[{X}.a, {X}.b][0].c"),
        (f"{X}.items.(price ?? 0)", "??", f"{X}.items.($exists(price) ? price : 0)"),
        (f"{X}.items[quantity ?: 1 > 3]", "?:", f"{X}.items[(quantity ? quantity : 1) > 3]"),
        (f"{{'a': {X}.a ?? 'none'}}", "??", "{'a': 'what ?? says'}"),
        (f"$sum({X}.a ?: [])", "?:", "$sum([1, 2])"),
        (f"$map({X}.a, function($v) {{ $v ?? 1 }})", "??", f"$map({X}.a, function($v) {{ $v }})"),
        (f"{X}.a ?? {X}.b ?? {X}.c", "??", f"$contains({X}.a, /b??/)"),
        (f"($a := {X}.a ?: 'x'; $a)", "?:", f"($a := {X}.a ? -1 : 'x'; $a)"),
        (f"{X}.a??0", "??", f"{X}.a?0:1"),
        (f"[{X}.a ?: null]", "?:", f"[{X}.a ? null]"),
    ],
)
def test_an_operator_of_a_later_jsonata_is_refused_by_name(
    illegal: str, operator: str, legal: str
) -> None:
    sentence = f"Step Functions has JSONata 2.0.6, which lacks the operator '{operator}'"
    assert_told_apart(output(illegal), sentence, output(legal))
