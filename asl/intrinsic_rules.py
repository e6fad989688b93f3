"""The intrinsic functions there are, and what each takes.

Sources: https://states-language.net/spec.html#appendix-b; that a merge is never deep:
https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html (States.JsonMerge).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

HASHES: Final = ("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512")
"""The algorithms of `States.Hash` and of JSONata's `$hash`."""

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
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_INTEGER: Final = re.compile(r"-?[0-9]+")
_ESCAPED: Final = "'{}\\"


class IntrinsicError(ValueError):
    """A malformed call; the message says why and is not a whole sentence."""


class Argument(NamedTuple):
    """What a call is given: `kind` is text, path or other (a number, true, false or null)."""

    kind: str
    source: str


class Call(NamedTuple):
    """One call of an intrinsic function."""

    function: str
    arguments: tuple[Argument | Call, ...]


def verify_call(call: Call) -> None:
    """Hold one call, its arguments' own calls apart, against the rules of its function.

    Raises:
        IntrinsicError: if there is no such function, or it does not take these arguments.
    """
    if call.function not in _ARITY:
        raise IntrinsicError(f"there is no function {call.function}")
    for argument in call.arguments:
        if isinstance(argument, Argument) and argument.kind == "text":
            _verify_text(argument.source[1:-1])
    _verify_count(call)
    if call.function in _FURTHER:
        _FURTHER[call.function](call)


def _verify_text(text: str) -> None:
    for escape in _ESCAPE.finditer(text):
        if escape[1] not in _ESCAPED:
            raise IntrinsicError(
                f"a text must not have {escape[0]!r}: a backslash escapes only ' {{ }} and itself"
            )


def _verify_count(call: Call) -> None:
    least, most = _ARITY[call.function]
    given = len(call.arguments)
    if not least <= given <= most:
        wanted = f"{least}" if least == most else f"{least} or {most}"
        text = f"at least {least}" if most == _MANY else wanted
        raise IntrinsicError(f"{call.function} takes {text} arguments, not {given}")


def _verify_format(call: Call) -> None:
    template = call.arguments[0]
    if not isinstance(template, Argument) or template.kind != "text":
        return
    text = _ESCAPE.sub("", template.source)
    places = text.count("{}")
    if set("{}") & set(text.replace("{}", "")):
        raise IntrinsicError(
            f"{call.function} reads {{}} as a place to fill: escape another brace, as \\{{ or \\}}"
        )
    if places != len(call.arguments) - 1:
        raise IntrinsicError(
            f"{call.function} fills {places} places {{}}, "
            f"but is given {len(call.arguments) - 1} values"
        )


def _verify_hash(call: Call) -> None:
    name = call.arguments[1]
    if isinstance(name, Argument) and name.kind != "path" and name.source[1:-1] not in HASHES:
        raise IntrinsicError(f"{call.function} knows {', '.join(HASHES)}, not {name.source}")


def _verify_merge(call: Call) -> None:
    deep = call.arguments[2]
    if isinstance(deep, Argument) and deep.kind != "path" and deep.source != "false":
        raise IntrinsicError(
            f"{call.function} merges shallowly only: its third argument must be false, "
            f"not {deep.source}"
        )


def _verify_integers(call: Call) -> None:
    for position in _INTEGERS[call.function]:
        for argument in call.arguments[position : position + 1]:
            if isinstance(argument, Argument) and not _may_be_integer(argument):
                raise IntrinsicError(f"{call.function} needs an integer, not {argument.source}")


def _may_be_integer(argument: Argument) -> bool:
    return argument.kind == "path" or _INTEGER.fullmatch(argument.source) is not None


_INTEGERS: Final[Mapping[str, tuple[int, ...]]] = {
    "States.ArrayGetItem": (1,),
    "States.ArrayPartition": (1,),
    "States.ArrayRange": (0, 1, 2),
    "States.MathAdd": (0, 1),
    "States.MathRandom": (0, 1),
}
"""The positions of the arguments that must be integers."""

_FURTHER: Final[Mapping[str, Callable[[Call], None]]] = {
    "States.Format": _verify_format,
    "States.Hash": _verify_hash,
    "States.JsonMerge": _verify_merge,
    **dict.fromkeys(_INTEGERS, _verify_integers),
}
