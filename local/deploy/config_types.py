"""The types of structured project configuration, and whether a value is of one."""

from __future__ import annotations

from typing import Any

_TYPES: dict[str, tuple[str, type]] = {
    "string": ("a string", str),
    "integer": ("an integer", int),
    "boolean": ("a boolean", bool),
    "array": ("an array", list),
    "object": ("an object", dict),
}


def fits(value: Any, declaration: dict[str, Any]) -> bool:
    """Whether a value is of the declared type; anything fits a declaration without one."""
    if "type" not in declaration:
        return True
    kind = _TYPES.get(declaration["type"], ("", object))[1]
    if kind is not list or not isinstance(value, list):
        # bool is a subclass of int, yet `true` is no number in YAML.
        return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    return all(fits(item, declaration.get("items", {})) for item in value)


def wanted(declaration: dict[str, Any]) -> str:
    """The declared type in words, as `an array whose items are a string each`."""
    words = _TYPES.get(declaration["type"], (declaration["type"],))[0]
    items = declaration.get("items", {})
    return f"{words} whose items are {wanted(items)} each" if "type" in items else words
