"""The kinds of value that fields of the Amazon States Language take."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeGuard

from asl import jsonata, jsonpath
from asl.checks.timestamps import is_timestamp

_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/\S+")
MAX_SECONDS: Final = 99_999_999
MAX_DELAY_SECONDS: Final = 31_622_399


class Kind(NamedTuple):
    """What a value must be, in words and as a test."""

    wants: str
    fits: Callable[[Any], bool]
    computed: bool = False
    """A JSONata state may compute it: `{% ... %}`."""
    template: bool = False
    """It holds expressions or paths at any depth."""
    filled: bool = False
    """A placeholder such as `${Seconds}` may stand for it until it is deployed."""


def is_number(value: Any) -> TypeGuard[float | Decimal]:
    """Whether a JSON value is a finite number, as float or Decimal; a boolean is none."""
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return number and math.isfinite(value)


def whole(least: int, most: int, *, computed: bool = False) -> Kind:
    """A whole number within bounds."""
    return Kind(
        f"a whole number from {least} to {most}",
        lambda value: is_number(value) and value == int(value) and least <= value <= most,
        computed,
        filled=True,
    )


def number(least: float, most: float, *, computed: bool = False) -> Kind:
    """A number within bounds; `most` may be infinite."""
    bounds = f"of at least {least:g}" if math.isinf(most) else f"from {least:g} to {most:g}"
    return Kind(
        f"a number {bounds}",
        lambda value: is_number(value) and least <= value <= most,
        computed,
        filled=True,
    )


def one_of(*words: str, filled: bool = False) -> Kind:
    """One of a few words."""
    listed = " or ".join(repr(word) for word in words)
    return Kind(listed, lambda value: isinstance(value, str) and value in words, filled=filled)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _path(value: Any) -> bool:
    return _text(value) and jsonpath.is_path(value)


def _reference(value: Any) -> bool:
    return _text(value) and jsonpath.is_reference(value)


def _result_path(value: Any) -> bool:
    return value is None or (_reference(value) and re.match(r"\$(?:[.\[\s]|$)", value) is not None)


ANY: Final = Kind("any JSON value", lambda _: True)
TEXT: Final = Kind("a string", _text)
COMPUTED_TEXT: Final = Kind("a string", _text, computed=True)
ROLE_ARN: Final = Kind(
    "the ARN of an IAM role",
    lambda value: _text(value) and _ROLE.fullmatch(value) is not None,
    computed=True,
    filled=True,
)
NAME: Final = Kind("a name, not empty", lambda value: _text(value) and value != "")
FLAG: Final = Kind("true or false", lambda value: isinstance(value, bool))
NUMBER: Final = Kind("a number", is_number, filled=True)
VALUE_FLAG: Final = FLAG._replace(filled=True)
OBJECT: Final = Kind("an object", lambda value: isinstance(value, dict))
LIST: Final = Kind("a list", lambda value: isinstance(value, list))
FULL_LIST: Final = Kind(
    "a list with at least one member", lambda value: isinstance(value, list) and value != []
)
TEXTS: Final = Kind(
    "a list of at least one string",
    lambda value: isinstance(value, list) and value != [] and all(map(_text, value)),
)
TEMPLATE: Final = Kind("any JSON value", lambda _: True, template=True)
TEMPLATE_OBJECT: Final = Kind(
    "an object", lambda value: isinstance(value, dict), computed=True, template=True
)
ASSIGNMENTS: Final = Kind("an object", lambda value: isinstance(value, dict), template=True)
ITEMS: Final = Kind(
    "a list, an object or a JSONata expression",
    lambda value: isinstance(value, list | dict),
    computed=True,
    template=True,
)
CONDITION: Final = Kind(
    "true, false or a JSONata expression",
    lambda value: isinstance(value, bool),
    computed=True,
    filled=True,
)
PATH: Final = Kind("a JSONPath, which starts with $", _path, filled=True)
PATH_OR_NULL: Final = Kind(
    "null or a JSONPath, which starts with $",
    lambda value: value is None or _path(value),
    filled=True,
)
REFERENCE: Final = Kind("a Reference Path, which selects one node", _reference, filled=True)
RESULT_PATH: Final = Kind("null or a Reference Path into the input", _result_path, filled=True)
TIMESTAMP: Final = Kind(
    "an RFC 3339 timestamp such as 2026-01-31T12:00:00Z",
    lambda value: _text(value) and is_timestamp(value),
    computed=True,
    filled=True,
)

LITERAL_TIMESTAMP: Final = TIMESTAMP._replace(computed=False)


def is_computed(value: Any, kind: Kind) -> bool:
    """Whether a value is an expression where the kind allows one."""
    return kind.computed and jsonata.is_expression(value)
