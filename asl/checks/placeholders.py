"""Placeholders such as `${WorkFunctionArn}`, which a template fills in when it is deployed.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
aws-resource-stepfunctions-statemachine.html, DefinitionSubstitutions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from asl import jsonata
from asl.checks.texts import strings, texts
from asl.walk import JSONATA, Visit

_PLACEHOLDER: Final = re.compile(r"\$\{[^{}]+\}")
_OPEN: Final = "${"
_PARTITION: Final = re.compile(r"^arn:\$\{[^{}]+\}:")


def is_filled_in(value: Any) -> bool:
    """Whether a value is a text that is known only once it is deployed, as a whole or in part."""
    return isinstance(value, str) and _PLACEHOLDER.search(_inside(value)) is not None


def with_partition(arn: str) -> str:
    """An ARN whose partition is no placeholder any more."""
    return _PARTITION.sub("arn:aws:", arn)


def placeholder_problems(visit: Visit) -> Iterator[str]:
    """The texts of a state in which a placeholder is begun and not ended."""
    for text in (*texts(visit.state), *strings(visit.state.get("Result"), "Result")):
        if _is_unclosed(text.text) and not (visit.language == JSONATA and _parses(text.text)):
            yield f"{text.where} has ${{ without the closing }} that ends a placeholder"


def _is_unclosed(text: str) -> bool:
    """Whether `${` is left once every placeholder, and then those around them, are taken away."""
    text = _inside(text)
    while (rest := _PLACEHOLDER.sub("", text)) != text:
        text = rest
    return _OPEN in text


def _inside(text: str) -> str:
    """A text without the delimiters of an expression, whose brace ends no placeholder."""
    return jsonata.source(text) if jsonata.is_expression(text) else text


def _parses(text: str) -> bool:
    """Whether a text is an expression, in which `${` can be a group behind `$`."""
    if not jsonata.is_expression(text):
        return False
    try:
        jsonata.parse(jsonata.source(text))
    except jsonata.ExpressionError:
        return False
    return True
