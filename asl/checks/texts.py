"""The strings of a state that Step Functions may evaluate, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

_NOT_EVALUATED: Final = ("Comment", "Result", "Branches", "ItemProcessor", "Iterator")
_TEMPLATES: Final = (
    *("Arguments", "Assign", "BatchInput", "Credentials", "ItemSelector", "Items"),
    *("Output", "Parameters", "ResultSelector"),
)


class Text(NamedTuple):
    """A string within a state.

    Attributes:
        where: the way to it, such as `Catch[0].Output.reason`.
        steps: the names on that way.
        text: the string.
        template: whether it is a part of data, whose names mean nothing to Step Functions.
    """

    where: str
    steps: tuple[str, ...]
    text: str
    template: bool


def texts(state: Mapping[Any, Any]) -> Iterator[Text]:
    """The strings of a state, but for those of its bodies, its comments and a literal Result."""
    return _within(state, Text("", (), "", template=False))


def strings(value: Any, field: str) -> Iterator[Text]:
    """The strings of a value that stands in a field of a state and is evaluated nowhere."""
    return _within(value, Text(field, (field,), "", template=True))


def _within(value: Any, at: Text) -> Iterator[Text]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            if at.template or name not in _NOT_EVALUATED:
                yield from _within(member, _below(at, str(name)))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _within(member, at._replace(where=f"{at.where}[{index}]"))
    elif isinstance(value, str):
        yield at._replace(text=value)


def _below(at: Text, name: str) -> Text:
    where = f"{at.where}.{name}" if at.where else name
    return Text(where, (*at.steps, name), "", at.template or name in _TEMPLATES)
