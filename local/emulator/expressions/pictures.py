"""Numbers by a picture, where jsonata-python's differ from the reference's."""

import math
import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from jsonata.functions import Functions
from jsonata.jexception import JException


class _HalfEven(Decimal):
    """A number that is rounded as JSONata rounds, whatever rounding is asked for."""

    def quantize(self, exp: Any, rounding: Any = None, context: Any = None) -> "_HalfEven":
        del rounding
        return _HalfEven(super().quantize(exp, ROUND_HALF_EVEN, context))

    def __mul__(self, other: Any) -> "_HalfEven":
        return _HalfEven(super().__mul__(other))


def format_number(value: float | None, picture: str, options: Any = None) -> str | None:
    """A number by a picture, halves rounded to the even.

    Raises:
        JException: the picture is broken (D308x).
    """
    if value is None:
        return None
    check_picture(picture, options or {})
    return str(Functions.format_number(_HalfEven(repr(value)), picture, options))


def check_picture(picture: str, options: Any) -> None:
    """Raise if a passive character stands among the active ones (D3086)."""
    active = re.escape("0123456789.,#e" + "".join(map(str, options.values())))
    for part in picture.split(options.get("pattern-separator", ";")):
        inner = re.search(rf"[{active}].*[{active}]", part)
        if inner and not re.fullmatch(rf"[{active}]*", inner.group()):
            raise JException("D3086", -1)


def format_integer(value: float | None, picture: str) -> str | None:
    """An integer by a picture; a fraction is rounded down."""
    return None if value is None else str(Functions.format_integer(math.floor(value), picture))


def parse_integer(text: str | None, picture: str) -> float | None:
    """The integer that a text writes by a picture; not a number if it writes none."""
    try:
        found: float | None = Functions.parse_integer(text, picture)
    except ValueError:
        return math.nan
    return found
