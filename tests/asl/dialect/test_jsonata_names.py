"""Names without a dollar sign, which read JSONata's input document at the top level.

https://states-language.net/spec.html#jsonata-restrictions
"""

from __future__ import annotations

import pytest

from tests.asl.samples import assert_told_apart, output

X = "$states.input"


@pytest.mark.parametrize(
    ("illegal", "name", "legal"),
    [
        ("total", "total", f"{X}.total"),
        ("states.input.total", "states", f"{X}.total"),
        (f"{X}.a + total", "total", f"{X}.a + {X}.total"),
        ("{'sum': total}", "total", "{'total': 1}"),
        ("[items[price > 3]]", "items", f"[{X}.items[price > 3]]"),
        ("items.(price * quantity)", "items", f"{X}.items.(price * quantity)"),
        (f"$sum({X}.items.price) - discount", "discount", f"$sum({X}.items.(price - discount))"),
        (
            f"$map({X}.items, function($i) {{ price }})",
            "price",
            f"$map({X}.items, function($i) {{ $i.price }})",
        ),
        (f"$exists({X}.a) ? {X}.a : fallback", "fallback", f"$exists({X}.a) ? {X}.a : 'fallback'"),
        (
            f"($rate := rate; {X}.items.(price * $rate))",
            "rate",
            f"($rate := 2; {X}.items.(price * $rate))",
        ),
        ("items^(>price)", "items", f"{X}.items^(>price)"),
        ("orders{id: total}", "orders", f"{X}.orders{{id: total}}"),
        ("`first name`", "first name", f"{X}.`first name`"),
        ("'first'.second", "first", f"{X}.'first'.second"),
        ("*", "*", f"{X}.*"),
        ("**.price", "**", f"{X}.**.price"),
        ("-total", "total", f"-{X}.total"),
        (f"'a' in tags or {X}.b", "tags", f"'a' in {X}.tags or {X}.b"),
        (f"{X} ~> |items|{{'a': b}}| ~> shape", "shape", f"{X} ~> |items|{{'a': b}}|"),
    ],
)
def test_a_name_without_its_dollar_is_refused_where_nothing_holds_it(
    illegal: str, name: str, legal: str
) -> None:
    sentence = f"Output reads {name} at the top level"
    assert_told_apart(output(illegal), sentence, output(legal))


@pytest.mark.parametrize(
    ("illegal", "name"),
    [
        (f"count({X}.items)", "count"),
        (f"string({X}.a) & 'b'", "string"),
        (f"$uppercase(trim({X}.a))", "trim"),
        (f"{X}.items.(round(price))", "round"),
    ],
)
def test_a_function_without_its_dollar_is_refused_at_any_depth(illegal: str, name: str) -> None:
    sentence = f"Output calls {name} without its $: write ${name}"
    assert_told_apart(output(illegal), sentence, output(illegal.replace(f"{name}(", f"${name}(")))
