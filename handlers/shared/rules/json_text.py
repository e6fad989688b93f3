"""JSON as it comes from outside: exact numbers, no tricks, and a budget.

A number without a fraction is an integer, also where it is written `2.0` or `2e0` (JSON Schema
2020-12, core, 4.2.3): here alone that is decided, for whatever reads a document afterwards.
"""

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.field_names import shown

MAX_BYTES = 64 * 1024
MAX_DEPTH = 16

_WHOLE = "the document"
# A string without its closing quote ends with the document, so that no quote is searched twice.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)
_MAX_DIGITS = 40


def loads(text: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """A JSON document (RFC 8259) with every fraction as a Decimal, every other number as an int.

    Raises:
        BadInput: not UTF-8, too large, not JSON, a key given twice, nested too deeply; or the
            field's value is NaN, Infinity or a number of absurd length.
    """
    decoded = _decoded(text, max_bytes)
    if _depth(decoded) > max_depth:
        raise BadInput(_WHOLE, f"must not be nested deeper than {max_depth}")
    try:
        document = json.loads(
            decoded,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_constant,
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadInput(_WHOLE, f"must be JSON: {error.msg} at {where}") from None
    _require_numbers(document, _WHOLE)
    return document


def require_small(document: Any) -> None:
    """Hold a document that was parsed elsewhere to the same budget.

    Raises:
        BadInput: as JSON it is larger than `MAX_BYTES`, or it is no Unicode text.
    """
    _decoded(json.dumps(document, ensure_ascii=False, default=str), MAX_BYTES)


def exact(value: Any) -> Any:
    """A document that some runtime has parsed with floats, as `loads` would have read it.

    The shortest text of a float is the one it was parsed from, up to 15 digits (IEEE 754), which
    is more than any amount has.
    """
    if isinstance(value, float | Decimal):
        return _plainest(Decimal(repr(value)) if isinstance(value, float) else value)
    if isinstance(value, dict):
        return {name: exact(part) for name, part in value.items()}
    return [exact(part) for part in value] if isinstance(value, list) else value


def _decoded(text: bytes | str, max_bytes: int) -> str:
    try:
        encoded = text.encode() if isinstance(text, str) else text
        if len(encoded) > max_bytes:
            raise BadInput(_WHOLE, f"must be at most {max_bytes} bytes")
        return encoded.decode("utf-8-sig")
    except UnicodeError:
        raise BadInput(_WHOLE, "must be UTF-8 text") from None


def _depth(text: str) -> int:
    """How deeply brackets are nested, counted before the parser recurses into them."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadInput(_WHOLE, f"must not give {shown(name)} twice in one object")
        _require_numbers(value, shown(name).strip('"'))
        found[name] = value
    return found


@dataclass(frozen=True)
class _NoNumber:
    """What stands for a number that is none, until the field that it is the value of is known."""

    why: str


def _require_numbers(value: Any, field: str) -> None:
    if isinstance(value, _NoNumber):
        raise BadInput(field, value.why)
    for part in value if isinstance(value, list) else ():
        _require_numbers(part, field)


def _integer(digits: str) -> int | _NoNumber:
    return _TOO_LONG if len(digits) > _MAX_DIGITS else int(digits)


def _decimal(digits: str) -> int | Decimal | _NoNumber:
    if len(digits) > _MAX_DIGITS:
        return _TOO_LONG
    try:
        return _plainest(Decimal(digits))
    except InvalidOperation:
        return _NoNumber("must not be a number with such an exponent")


def _plainest(number: Decimal) -> int | Decimal:
    """An integer as an int, unless writing it out takes more digits than a number may have."""
    if not number.is_finite() or number.adjusted() >= _MAX_DIGITS:
        return number
    return int(number) if number == number.to_integral_value() else number


def _constant(name: str) -> _NoNumber:
    return _NoNumber(f"must be JSON, which has no {name}")


_TOO_LONG = _NoNumber(f"must not be a number of more than {_MAX_DIGITS} characters")
