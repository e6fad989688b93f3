"""Tables that turn a resource's Pulumi properties into the parameters of an AWS API call.

A table is also the statement of what the local cloud honours: a property that is in no table is
an error that names it, at any depth, so that nothing a program asks for is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

Params: TypeAlias = dict[str, Any]
Field: TypeAlias = "str | tuple[str, Fields] | Callable[[Any], Params]"
Fields: TypeAlias = "Mapping[str, Field]"
"""Property → the parameter's name; or its name and the table of the object (or of each object of
the list) inside; or a function from the value to parameters, which are merged."""


def translate(inputs: Mapping[str, Any], fields: Fields) -> Params:
    """Builds an API call's parameters, in the table's order; absent and null values are left out.

    Every property must be in the table: see `unknown_paths`.
    """
    params: Params = {}
    for key, field in fields.items():
        if inputs.get(key) is not None:
            _merge(params, _translated(inputs[key], field))
    return params


def unknown_paths(inputs: Mapping[str, Any], fields: Fields, path: str = "") -> Iterator[str]:
    """Yields the path (`a.b`, lists without index) of each property that no table has."""
    for key, value in inputs.items():
        here = f"{path}{key}"
        field = fields.get(key)
        if field is None and value is not None:
            yield here
        if isinstance(field, tuple):
            for item in value if isinstance(value, list) else [value]:
                yield from unknown_paths(item or {}, field[1], f"{here}.")


def _translated(value: Any, field: Field) -> Params:
    if isinstance(field, str):
        return {field: value}
    if not isinstance(field, tuple):
        return field(value)
    name, inner = field
    if isinstance(value, list):
        return {name: [translate(item, inner) for item in value]}
    return {name: translate(value, inner)}


def _merge(into: Params, more: Params) -> None:
    for key, value in more.items():
        present = into.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value)
        elif isinstance(present, list) and isinstance(value, list):
            present.extend(value)
        else:
            into[key] = value


def inside(name: str, inner: str) -> Callable[[Any], Params]:
    """A field whose value becomes one member, `inner`, of the object parameter `name`."""
    return lambda value: {name: {inner: value}}


def text(name: str) -> Callable[[Any], Params]:
    """A field of an `Attributes` map, whose values AWS takes as text only."""
    return lambda value: {"Attributes": {name: _as_text(value)}}


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def tag_list(key: str = "Key", value: str = "Value", name: str = "Tags") -> Callable[[Any], Params]:
    """Tags as the list of objects that most services take."""
    return lambda tags: {name: [{key: k, value: tags[k]} for k in sorted(tags)]}
