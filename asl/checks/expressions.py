"""The expressions in a field: JSONata, or JSONPath and intrinsic functions, never mixed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl import jsonata, jsonpath
from asl.checks.problems import shown
from asl.intrinsics import IntrinsicError, is_intrinsic, parse_intrinsic
from asl.walk import JSONATA

_NOT_IN_STEP_FUNCTIONS: Final = "eval"  # AWS, "Transforming data with JSONata", restrictions
_SUBSTITUTED: Final = re.compile(r"\$\{\w+\}")  # a template's: known once it is deployed


def template_problems(value: Any, language: str, where: str) -> Iterator[str]:
    """What is wrong in a value that holds expressions at any depth, in either language."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            if key.endswith(".$") and key[:-2] in value:
                yield f"{where} gives {key[:-2]} twice, once as {key}"
            yield from _member_problems(key, member, language, f"{where}.{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from template_problems(member, language, f"{where}[{index}]")
    elif isinstance(value, str):
        yield from _text_problems(value, language, where)


def jsonata_problems(text: str, where: str) -> Iterator[str]:
    """What is wrong with a JSONata string, its delimiters included."""
    if not jsonata.is_expression(text):
        if text.strip().startswith("{%") or text.strip().endswith("%}"):
            yield f"{where} must start with {{% and end with %}}, with nothing around them"
        return
    try:
        tree = jsonata.parse(jsonata.source(text))
    except jsonata.ExpressionError as error:
        if not _SUBSTITUTED.search(text):
            yield f"{where} is not JSONata: {_clause(error)}"
        return
    if _NOT_IN_STEP_FUNCTIONS in jsonata.called(tree):
        yield f"{where} calls $eval, which Step Functions does not have"


def _member_problems(key: str, value: Any, language: str, where: str) -> Iterator[str]:
    if not key.endswith(".$"):
        yield from template_problems(value, language, where)
    elif language == JSONATA:
        yield f"{where} is a JSONPath field, but the state's query language is JSONata"
    elif not isinstance(value, str):
        yield f"{where} must be a JSONPath or an intrinsic function, not {shown(value)}"
    else:
        yield from _path_problems(value, where)


def _path_problems(text: str, where: str) -> Iterator[str]:
    if jsonpath.is_path(text) or _SUBSTITUTED.search(text):
        return
    if not is_intrinsic(text):
        yield f"{where} must be a JSONPath or an intrinsic function, not {shown(text)}"
        return
    try:
        parse_intrinsic(text)
    except IntrinsicError as error:
        yield f"{where} is no intrinsic function: {error}"


def _text_problems(text: str, language: str, where: str) -> Iterator[str]:
    if language == JSONATA:
        yield from jsonata_problems(text, where)
    elif jsonata.is_expression(text):
        yield f"{where} is a JSONata expression, but the state's query language is JSONPath"


def _clause(error: Exception) -> str:
    return str(error).rstrip(".")
