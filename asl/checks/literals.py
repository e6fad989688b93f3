"""Which literals fit the types of an API's parameters, as Step Functions converts them.

A number or a flag may be written as text.
Source of what is converted: definitions that AWS publishes and runs, such as those of
https://github.com/aws-samples/step-functions-workflows-collection
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from asl.checks.kinds import is_number


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool) or value in ("true", "false")


def _is_whole(value: Any) -> bool:
    return is_number(_read(value)) and _read(value) == int(_read(value))


def _is_fraction(value: Any) -> bool:
    return is_number(_read(value))


def _read(value: Any) -> Any:
    """A number written as text, as the number that Step Functions makes of it."""
    try:
        return Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return value


def _is_time(value: Any) -> bool:
    return isinstance(value, str) or is_number(value)


TYPES: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "structure": (lambda value: isinstance(value, Mapping), "an object"),
    "map": (lambda value: isinstance(value, Mapping), "an object"),
    "list": (lambda value: isinstance(value, list), "a list"),
    "string": (lambda value: isinstance(value, str), "a string"),
    "boolean": (_is_flag, "true or false"),
    "timestamp": (_is_time, "a timestamp"),
    **dict.fromkeys(("integer", "long"), (_is_whole, "a whole number")),
    **dict.fromkeys(("float", "double"), (_is_fraction, "a number")),
}
"""By a model's word for a type: the test of a literal, and what it wants in words."""
