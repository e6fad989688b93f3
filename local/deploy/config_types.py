"""The types of structured project configuration, and whether a value is of one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_INTEGER = re.compile(r"[+-]?[0-9]+")


def _is_integer(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_INTEGER.fullmatch(value))
    # bool is a subclass of int, yet `true` is no number in YAML.
    return not isinstance(value, bool) and isinstance(value, int | float) and value == int(value)


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool) or value in ("true", "false")


_TYPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "string": ("a string", lambda value: isinstance(value, str)),
    "integer": ("an integer", _is_integer),
    "boolean": ("a boolean", _is_boolean),
    "array": ("an array", lambda value: isinstance(value, list)),
    "object": ("an object", lambda value: isinstance(value, dict)),
}


def fits(value: Any, declaration: dict[str, Any]) -> bool:
    """Whether a value is of the declared type; anything fits a declaration without one.

    As with the CLI, which writes a stack's numbers and booleans as text, the text of one counts.
    """
    if "type" not in declaration:
        return True
    of_type = _TYPES.get(declaration["type"], ("", lambda _: True))[1]
    items = value if isinstance(value, list) else []
    return of_type(value) and all(fits(item, declaration.get("items", {})) for item in items)


def wanted(declaration: dict[str, Any]) -> str:
    """The declared type in words, as `an array whose items are a string each`."""
    words = _TYPES.get(declaration["type"], (declaration["type"],))[0]
    items = declaration.get("items", {})
    return f"{words} whose items are {wanted(items)} each" if "type" in items else words
