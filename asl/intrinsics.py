"""Intrinsic functions of JSONPath states: is a call well formed?

Source: Amazon States Language specification, "Intrinsic Functions".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from asl.jsonpath import PATTERN

_FUNCTION: Final = re.compile(r"\s*(States\.[A-Za-z0-9]+)\s*\(")
_VALUE: Final = re.compile(
    rf"\s*(?:'(?:[^'\\]|\\.)*'|{PATTERN}|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)"
)
_CLOSE: Final = re.compile(r"\s*\)")
_COMMA: Final = re.compile(r"\s*,")
_MANY: Final = 1_000_000  # more than fit into a definition
_ARITY: Final[Mapping[str, tuple[int, int]]] = {
    "States.Array": (0, _MANY),
    "States.ArrayContains": (2, 2),
    "States.ArrayGetItem": (2, 2),
    "States.ArrayLength": (1, 1),
    "States.ArrayPartition": (2, 2),
    "States.ArrayRange": (3, 3),
    "States.ArrayUnique": (1, 1),
    "States.Base64Decode": (1, 1),
    "States.Base64Encode": (1, 1),
    "States.Format": (1, _MANY),
    "States.Hash": (2, 2),
    "States.JsonMerge": (3, 3),
    "States.JsonToString": (1, 1),
    "States.MathAdd": (2, 2),
    "States.MathRandom": (2, 3),
    "States.StringSplit": (2, 2),
    "States.StringToJson": (1, 1),
    "States.UUID": (0, 0),
}
_MAX_NESTING: Final = 10


class IntrinsicError(ValueError):
    """A malformed call; the message says why and is not a whole sentence."""


def is_intrinsic(text: str) -> bool:
    """Whether a text is meant as a call of an intrinsic function."""
    return text.lstrip().startswith("States.")


def parse_intrinsic(text: str) -> None:
    """Hold a text against the grammar, the functions there are and their numbers of arguments.

    Raises:
        IntrinsicError: if it is not a well-formed call.
    """
    end = _call(text, 0, 1)
    if text[end:].strip():
        raise IntrinsicError(f"there is more behind its end, at character {end + 1}")


def is_call(text: str) -> bool:
    """Whether a text is a well-formed call."""
    try:
        parse_intrinsic(text)
    except IntrinsicError:
        return False
    return True


def _call(text: str, start: int, depth: int) -> int:
    head = _FUNCTION.match(text, start)
    if head is None:
        raise IntrinsicError(f"a function or value is wanted at character {start + 1}")
    if head[1] not in _ARITY:
        raise IntrinsicError(f"there is no function {head[1]}")
    if depth > _MAX_NESTING:
        raise IntrinsicError(f"calls nest more than {_MAX_NESTING} deep")
    count, end = _arguments(text, head.end(), depth)
    least, most = _ARITY[head[1]]
    if not least <= count <= most:
        wanted = f"{least}" if least == most else f"at least {least}"
        raise IntrinsicError(f"{head[1]} takes {wanted} arguments, not {count}")
    return end


def _arguments(text: str, start: int, depth: int) -> tuple[int, int]:
    """How many arguments there are from `start` on, and where the call ends."""
    if close := _CLOSE.match(text, start):
        return 0, close.end()
    count, at = 0, start
    while True:
        value = _VALUE.match(text, at)
        at = value.end() if value else _call(text, at, depth + 1)
        count += 1
        if close := _CLOSE.match(text, at):
            return count, close.end()
        comma = _COMMA.match(text, at)
        if comma is None:
            raise IntrinsicError(f"a comma or a bracket is missing at character {at + 1}")
        at = comma.end()
