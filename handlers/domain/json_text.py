"""JSON as it comes from outside: exact numbers, no tricks, and a budget."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from handlers.domain.errors import BadInput
from handlers.domain.names import shown

MAX_BYTES = 64 * 1024
MAX_DEPTH = 16

_WHOLE = "the document"
# A string without its closing quote ends with the document, so that no quote is searched twice.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)
_MAX_DIGITS = 40


def loads(text: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """A JSON document (RFC 8259) with every fraction as a Decimal.

    Raises:
        BadInput: not UTF-8, too large, not JSON, NaN or Infinity, a key given twice, nested too
            deeply, or a number of absurd length.
    """
    decoded = _decoded(text, max_bytes)
    if _depth(decoded) > max_depth:
        raise BadInput(_WHOLE, f"must not be nested deeper than {max_depth}")
    try:
        return json.loads(
            decoded,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadInput(_WHOLE, f"must be JSON: {error.msg} at {where}") from None


def exact(value: Any) -> Any:
    """A document that some runtime has parsed with floats, with every fraction as a Decimal.

    The shortest text of a float is the one it was parsed from, up to 15 digits (IEEE 754), which
    is more than any amount has.
    """
    if isinstance(value, float):
        return Decimal(repr(value))
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
        found[name] = value
    return found


def _integer(digits: str) -> int:
    _require_short(digits)
    return int(digits)


def _decimal(digits: str) -> Decimal:
    _require_short(digits)
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise BadInput(_WHOLE, "must not have a number with such an exponent") from None


def _require_short(digits: str) -> None:
    if len(digits) > _MAX_DIGITS:
        raise BadInput(_WHOLE, f"must not have a number of more than {_MAX_DIGITS} characters")


def _refuse_constant(name: str) -> NoReturn:
    raise BadInput(_WHOLE, f"must be JSON, which has no {name}")
