"""Texts that look like an expression and are none: Step Functions keeps them as they are.

A JSONata string begins with `{%` and ends with `%}`; a JSONPath state evaluates only fields whose
name ends with `.$`. Sources: https://states-language.net/spec.html#expressions and
#payload-template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from asl import jsonata
from asl.checks.placeholders import is_filled_in
from asl.checks.texts import Text, texts
from asl.walk import JSONATA, Visit

_DELIMITER: Final = re.compile(r"\{%|%\}")
_PATH: Final = re.compile(r"\s*\$\$?[.\[]")
_VARIABLE: Final = re.compile(r"\s*\$states\b")
_CALL: Final = re.compile(r"\s*States\.[A-Z][A-Za-z0-9]*\(")
_EVALUATED: Final = ("Parameters", "ResultSelector", "ItemSelector", "Assign", "BatchInput")
_KEPT: Final = "is kept as text; it was perhaps meant as an expression"


def unevaluated(visit: Visit) -> Iterator[str]:
    """The texts of a state that were perhaps meant to be evaluated."""
    find = _in_jsonata if visit.language == JSONATA else _in_jsonpath
    for text in texts(visit.state):
        if not is_filled_in(text.text):
            yield from (f"{text.where} {why}" for why in find(text))


def _in_jsonata(text: Text) -> Iterator[str]:
    if jsonata.is_expression(text.text):
        return
    if _DELIMITER.search(text.text):
        yield f"{_KEPT}, which starts with {{% and ends with %}}, with nothing around them"
    elif text.steps[-1].endswith(".$") or _is_like_an_expression(text.text):
        yield f"{_KEPT}, which stands between {{% and %}}"


def _in_jsonpath(text: Text) -> Iterator[str]:
    if jsonata.is_expression(text.text):
        yield f"{_KEPT}, but the state's query language is JSONPath"
    elif _is_evaluated(text) and (_PATH.match(text.text) or _CALL.match(text.text)):
        yield f"{_KEPT}, whose field is named {text.steps[-1]}.$"


def _is_like_an_expression(text: str) -> bool:
    return any(form.match(text) for form in (_PATH, _VARIABLE, _CALL))


def _is_evaluated(text: Text) -> bool:
    """Whether a text stands where a name that ends with `.$` would make it an expression."""
    inside = text.template and any(step in _EVALUATED for step in text.steps[:-1])
    return inside and not text.steps[-1].endswith(".$")
