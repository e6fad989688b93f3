"""Intrinsic functions of JSONPath states: is a call well formed?

Sources: https://states-language.net/spec.html#intrinsic-functions and #appendix-b, and
https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import re
from typing import Final

from asl.intrinsic_rules import Argument, Call, IntrinsicError, verify_call
from asl.jsonpath import PATTERN

_START: Final = "States."
_FUNCTION: Final = re.compile(r"(States\.[A-Za-z0-9]+)(\s*)\(")
_SPACE: Final = re.compile(r"\s*")
_VALUE: Final = re.compile(
    rf"(?P<text>'(?:[^'\\]|\\.)*')|(?P<path>{PATTERN})"
    r"|(?P<other>-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)",
    re.DOTALL,
)
_CLOSE: Final = re.compile(r"\s*\)")
_COMMA: Final = re.compile(r"\s*,")
_MAX_NESTING: Final = 10


def is_intrinsic(text: str) -> bool:
    """Whether a text is meant as a call of an intrinsic function."""
    return text.lstrip().startswith(_START)


def parse_intrinsic(text: str) -> Call:
    """The call that a text is, held against the grammar and the rules of its functions.

    Raises:
        IntrinsicError: if it is not a well-formed call.
    """
    if text[:1].isspace():
        raise IntrinsicError("it must begin with the function's name, not with a space")
    call, end = _call(text, 0, 1)
    if text[end:].strip():
        raise IntrinsicError(f"there is more behind its end, at character {end + 1}")
    return call


def _call(text: str, start: int, depth: int) -> tuple[Call, int]:
    head = _FUNCTION.match(text, start)
    if head is None:
        raise IntrinsicError(f"a function or value is wanted at character {start + 1}")
    if head[2]:
        raise IntrinsicError(f"the bracket must follow {head[1]} immediately, without a space")
    if depth > _MAX_NESTING:
        raise IntrinsicError(f"calls nest more than {_MAX_NESTING} deep")
    arguments, end = _arguments(text, head.end(), depth)
    call = Call(head[1], arguments)
    verify_call(call)
    return call, end


def _arguments(text: str, start: int, depth: int) -> tuple[tuple[Argument | Call, ...], int]:
    """The arguments from `start` on, and where the call ends."""
    if close := _CLOSE.match(text, start):
        return (), close.end()
    found: list[Argument | Call] = []
    at = start
    while True:
        argument, at = _argument(text, _end_of_space(text, at), depth)
        found.append(argument)
        if close := _CLOSE.match(text, at):
            return tuple(found), close.end()
        comma = _COMMA.match(text, at)
        if comma is None:
            raise IntrinsicError(f"a comma or a bracket is missing at character {at + 1}")
        at = comma.end()


def _argument(text: str, start: int, depth: int) -> tuple[Argument | Call, int]:
    value = _VALUE.match(text, start)
    if value is None:
        return _call(text, start, depth + 1)
    return Argument(str(value.lastgroup), value[0]), value.end()


def _end_of_space(text: str, start: int) -> int:
    space = _SPACE.match(text, start)
    return space.end() if space else start
