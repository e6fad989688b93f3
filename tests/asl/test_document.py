from __future__ import annotations

import json

import pytest

from asl import DefinitionError, canonical, loads
from asl.jsonata import ExpressionError, called, is_expression, parse, paths, strings
from asl.jsonpath import is_path, is_reference


def test_equal_definitions_have_the_same_text() -> None:
    assert canonical({"b": [1, None], "a": {"d": True, "c": "ü"}}) == canonical(
        {"a": {"c": "ü", "d": True}, "b": [1, None]}
    )
    assert canonical({"b": 1, "a": [2]}) == '{"a":[2],"b":1}'


def test_a_number_that_json_does_not_have_has_no_text() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})


def test_a_definition_is_read_as_it_was_written() -> None:
    document = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    assert loads(json.dumps(document), "Orders") == document


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"States": {"A": 1, "A": 2}}', "the name 'A' is given twice in one object"),
        ('{"TimeoutSeconds": NaN}', "NaN is no number"),
        ("{", "it is not JSON: "),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_a_text_that_is_no_definition_is_refused_by_name(text: str, sentence: str) -> None:
    with pytest.raises(DefinitionError, match="The state machine Orders") as refusal:
        loads(text, "Orders")
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("value", ["{% 1 %}", "{%%}"])
def test_an_expression_stands_between_its_delimiters(value: str) -> None:
    assert is_expression(value)


@pytest.mark.parametrize("value", ["{%}", " {% 1 %}", "{% 1", "1", 1, None])
def test_anything_else_is_no_expression(value: object) -> None:
    assert not is_expression(value)


def test_an_expression_tells_what_it_reads_and_calls() -> None:
    tree = parse("$f($a.b.c[0].d, $x) & $a & 'text' & {'key': $string($a.b)}")
    assert set(paths(tree)) == {
        ("a", "b", "c", "d"),
        ("a", "b"),
        ("a",),
        ("x",),
        ("f",),
        ("string",),
    }
    assert called(tree) == {"f", "string"}
    assert sorted(strings(tree)) == ["key", "text"]


def test_a_malformed_expression_is_refused_with_the_reason() -> None:
    with pytest.raises(ExpressionError, match="end of expression"):
        parse("$a +")


@pytest.mark.parametrize(
    "path",
    [
        "$", "$$", "$name", "$.a.b", "$.a[0]", "$.a[-1]", "$['a b']", '$["a"]', "$$.Execution.Id",
        "$.a-b", "$.größe", "$name.a[0]['b']", "$.a.[0].b",
    ],
)  # fmt: skip
def test_a_reference_selects_one_node(path: str) -> None:
    assert is_reference(path)
    assert is_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "$.*", "$..a", "$.a[*]", "$.a[0:2]", "$.a[:2]", "$.a[0,1]", "$['a','b']",
        "$.a[?(@.b == 'c' && @.d > 1)].e", "$.a.length()", "$..[0]", "$.a[::2]",
        "$.[?(@.a > 0)]", "$[(@.length-1)].a", "$.a[?(@.b[0] == 1)]", "$.[*].['a', 'b']",
    ],
)  # fmt: skip
def test_a_path_that_selects_several_nodes_is_no_reference(path: str) -> None:
    assert is_path(path)
    assert not is_reference(path)


@pytest.mark.parametrize(
    "path", ["", "a", "a.b", "$.", "$.a[", "$.a]", "$ .a", "$.a b", "$[a]", "$[]", "$[,]"]
)
def test_what_is_malformed_is_no_path(path: str) -> None:
    assert not is_path(path)
