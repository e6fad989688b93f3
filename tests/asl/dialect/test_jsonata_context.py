"""`$` and `$$`, which read JSONata's input document.

https://states-language.net/spec.html#jsonata-restrictions
"""

from __future__ import annotations

import pytest

from tests.asl.samples import assert_told_apart, output

X = "$states.input"


@pytest.mark.parametrize(
    ("illegal", "legal"),
    [
        ("$", X),
        ("$.total", f"{X}.total"),
        ("$[0]", f"{X}[0]"),
        ("$merge([$, {'a': 1}])", f"$merge([{X}, {{'a': 1}}])"),
        ("$string($)", f"$string({X})"),
        ("$.items[$.price > 3]", f"{X}.items[$.price > 3]"),
        (f"$map({X}.a, function($v) {{ $ }})", f"$map({X}.a, function($v) {{ $v }})"),
        ("($).total", f"({X}).total"),
        ("{'order': $}", f"{{'order': {X}.(${{'id': $}})}}"),
        ("$exists($.a) ? $.a : 0", f"{X}.a[$ > 0]"),
        ("$ ~> |items|{'a': 1}|", f"{X} ~> |items|{{'a': $}}|"),
        ("($order := $; $order.id)", f"($order := {X}; $order.id)"),
    ],
)
def test_the_context_is_refused_at_the_top_level_and_not_below_it(illegal: str, legal: str) -> None:
    assert_told_apart(output(illegal), "Output reads $ at the top level", output(legal))


@pytest.mark.parametrize(
    ("illegal", "legal"),
    [
        ("$$", X),
        ("$$.total", f"{X}.total"),
        (f"{X}.items[price > $$.limit]", f"{X}.items[price > {X}.limit]"),
        (f"{X}.items.($$.rate * price)", f"{X}.items.({X}.rate * price)"),
        (f"$map({X}.a, function($v) {{ $$.b }})", f"$map({X}.a, function($v) {{ {X}.b }})"),
        ("$$.Task.Token", "$states.context.Task.Token"),
        ("$$.Map.Item.Index = 0", "$states.context.Map.Item.Index = 0"),
        (f"{X}.orders{{id: $$.name}}", f"{X}.orders{{id: {X}.name}}"),
        (f"{X}.items^(<$$.key)", f"{X}.items^(<key)"),
        ("{'all': $$}", f"{{'all': {X}}}"),
    ],
)
def test_the_whole_input_document_is_refused_at_any_depth(illegal: str, legal: str) -> None:
    assert_told_apart(output(illegal), "Output reads $$", output(legal))
