"""A Task's arguments held against the API that it calls: unknown, missing, of a wrong type.

What an expression, a path or a placeholder gives is known at run time only: of those just the name
is checked. Sources: the models of the AWS SDK for Python; for the spelling of names,
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from asl import jsonata
from asl.checks.literals import TYPES
from asl.checks.placeholders import is_filled_in
from asl.checks.problems import shown
from asl.models import Shape
from asl.walk import JSONATA

_DOCUMENT: Final = 4096  # characters; a text that may be shorter only is a name, not a document
_DYNAMODB: Final = "dynamodb:"
_UNCHECKED: Final = ("any", "blob")


class Target(NamedTuple):
    """The model that arguments are held against.

    Attributes:
        api: such as `dynamodb:putItem`, for messages.
        language: the query language of the arguments.
        json: parameters that take any JSON, whatever the API says.
        further: parameters beside those of the API.
    """

    api: str
    language: str
    json: tuple[str, ...] = ()
    further: tuple[str, ...] = ()


def argument_problems(given: Any, shape: Shape, target: Target, where: str) -> Iterator[str]:
    """Find the faults in the arguments of a call, as far as the definition shows them.

    Args:
        given: the arguments; anything but an object is made at run time.
        shape: what the API is given.
        target: which API, and how Step Functions changes it.
        where: the way to the arguments within their state.
    """
    if isinstance(given, Mapping):
        yield from _structure_problems(given, shape, target, where)


def _structure_problems(
    given: Mapping[Any, Any], shape: Shape, target: Target, where: str
) -> Iterator[str]:
    spellings = {key: shape.spelling(_bare(key, target)) for key in given}
    for name in shape.required:
        if name not in spellings.values():
            yield f"{where} lacks {name}, which {target.api} needs"
    for key, spelling in spellings.items():
        name = _bare(key, target)
        if spelling is None and name not in target.further:
            yield _unknown(name, shape, target, where)
        elif spelling is not None and name == key and spelling not in target.json:
            place = f"{where}.{key}"
            yield from _value_problems(given[key], shape.member(spelling), target, place)


def _bare(key: str, target: Target) -> str:
    return key if target.language == JSONATA else key.removesuffix(".$")


def _unknown(name: str, shape: Shape, target: Target, where: str) -> str:
    for known in shape.names:
        if known.lower() == name.lower():
            return f"{where}.{name} must be spelt {known}: parameters are in PascalCase"
    near = get_close_matches(name, [*shape.names, *target.further], n=1, cutoff=0.7)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"{where}.{name} is no parameter of {target.api}{meant}"


def _value_problems(value: Any, shape: Shape, target: Target, where: str) -> Iterator[str]:
    if value is None or shape.is_document or shape.kind in _UNCHECKED or _is_open(value, target):
        return
    if _is_converted(value, shape, target):
        return
    fits, wanted = TYPES[shape.kind]
    if not fits(value):
        yield f"{where} must be {wanted}, not {shown(value)}"
    elif shape.kind == "structure":
        yield from _structure_problems(value, shape, target, where)
    elif shape.kind == "map":
        for key, member in value.items():
            if _bare(key, target) == key:
                yield from _value_problems(member, shape.element(), target, f"{where}.{key}")
    elif shape.kind == "list":
        for index, member in enumerate(value):
            yield from _value_problems(member, shape.element(), target, f"{where}[{index}]")


def _is_converted(value: Any, shape: Shape, target: Target) -> bool:
    """Tell values that Step Functions converts to the type that is wanted.

    It writes an object or a list as JSON text, which no short text is meant to be. The optimized
    integrations of DynamoDB take a text for an attribute of type S.
    """
    if shape.kind == "string":
        return isinstance(value, Mapping | list) and shape.most_characters >= _DOCUMENT
    is_attribute = shape.name == "AttributeValue" and target.api.startswith(_DYNAMODB)
    return is_attribute and isinstance(value, str)


def _is_open(value: Any, target: Target) -> bool:
    """Tell values that are known only at run time, or once deployed."""
    computed = target.language == JSONATA and jsonata.is_expression(value)
    return computed or is_filled_in(value)
