"""One object held against its shape: its fields, their kinds, and the expressions in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from asl.checks.expressions import jsonata_problems, template_problems
from asl.checks.kinds import Kind, is_computed
from asl.checks.placeholders import is_filled_in
from asl.checks.problems import shown
from asl.checks.shape import Field, Shape
from asl.walk import JSONATA


def object_problems(value: Any, shape: Shape, language: str, where: str = "") -> Iterator[str]:
    """What is wrong with an object of a shape.

    Args:
        value: the object, or whatever stands in its place.
        shape: its fields.
        language: the query language that holds where it stands.
        where: the way to it within its state, such as `Retry[0]`; empty for the state itself.
    """
    if not isinstance(value, Mapping):
        yield f"{where or shape.what} must be an object, not {shown(value)}"
        return
    yield from _missing(value, shape, where)
    for name, member in value.items():
        path = f"{where}.{name}" if where else str(name)
        field = shape.fields.get(name)
        if field is None:
            yield f"{path} is not a field of {shape.what}"
        elif field.language not in (None, language):
            yield f"{path} belongs to {field.language}, but the query language is {language}"
        else:
            yield from _value_problems(member, field, language, path)


def _missing(value: Mapping[Any, Any], shape: Shape, where: str) -> Iterator[str]:
    place = where or "it"
    for name in shape.required:
        if name not in value:
            yield f"{place} lacks {name}"
    for group in shape.exactly_one:
        given = [name for name in group if name in value]
        if len(given) != 1:
            yield f"{place} needs exactly one of {_listed(group)}, and has {_listed(given)}"
    for group in shape.at_most_one:
        given = [name for name in group if name in value]
        if len(given) > 1:
            yield f"{place} may have only one of {_listed(given)}"


def _value_problems(value: Any, field: Field, language: str, where: str) -> Iterator[str]:
    kind = field.kind
    if kind.template:
        yield from template_problems(value, language, where)
    if language == JSONATA and is_computed(value, kind):
        if not kind.template:
            yield from jsonata_problems(value, where)
    elif not kind.fits(value) and not (kind.filled and is_filled_in(value)):
        yield f"{where} must be {_wanted(kind, language)}, not {shown(value)}"


def _wanted(kind: Kind, language: str) -> str:
    computed = kind.computed and language == JSONATA and "JSONata" not in kind.wants
    return f"{kind.wants} or a JSONata expression" if computed else kind.wants


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names) or "none"
