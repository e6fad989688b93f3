"""The expressions in a field: JSONata, or JSONPath and intrinsic functions, never mixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from asl import jsonata, jsonpath
from asl.checks.dialect import dialect_problems
from asl.checks.placeholders import is_filled_in
from asl.checks.problems import shown
from asl.intrinsic_rules import IntrinsicError
from asl.intrinsics import is_intrinsic, parse_intrinsic
from asl.walk import JSONATA, JSONPATH


def template_problems(value: Any, language: str, where: str) -> Iterator[str]:
    """What is wrong in a value that holds expressions at any depth, in either language."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            if language == JSONPATH and key.endswith(".$") and key[:-2] in value:
                yield f"{where} gives {key[:-2]} twice, once as {key}"
            yield from _member_problems(key, member, language, f"{where}.{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from template_problems(member, language, f"{where}[{index}]")
    elif isinstance(value, str) and language == JSONATA:
        yield from jsonata_problems(value, where)


def jsonata_problems(text: str, where: str) -> Iterator[str]:
    """What is wrong with a JSONata string, its delimiters included."""
    if not jsonata.is_expression(text):
        return
    try:
        tree = jsonata.parse(jsonata.source(text))
    except jsonata.ExpressionError as error:
        if not is_filled_in(text):
            yield f"{where} is not JSONata: {_clause(error)}"
        return
    yield from dialect_problems(tree, where)


def _member_problems(key: str, value: Any, language: str, where: str) -> Iterator[str]:
    if language == JSONATA or not key.endswith(".$"):
        yield from template_problems(value, language, where)
    elif not isinstance(value, str):
        yield f"{where} must be a JSONPath or an intrinsic function, not {shown(value)}"
    else:
        yield from _path_problems(value, where)


def _path_problems(text: str, where: str) -> Iterator[str]:
    if jsonpath.is_path(text) or is_filled_in(text):
        return
    if not is_intrinsic(text):
        yield f"{where} must be a JSONPath or an intrinsic function, not {shown(text)}"
        return
    try:
        parse_intrinsic(text)
    except IntrinsicError as error:
        yield f"{where} is no intrinsic function: {error}"


def _clause(error: Exception) -> str:
    return str(error).rstrip(".")
