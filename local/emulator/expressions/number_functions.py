"""JSONata's functions of numbers, where jsonata-python's differ from the reference's."""

import functools
import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from jsonata.jexception import JException

from local.emulator.expressions import numbers

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?", re.ASCII)
_RADIX = re.compile(r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+")
_MOST_PLACES = 400  # beyond a double's


def number(value: Any) -> float | int | None:
    """A value as a number: a boolean's is 0 or 1, a text's what it writes.

    Raises:
        JException: the text writes none (D3030).
    """
    if value is None or numbers.is_number(value):
        return value  # type: ignore[no-any-return]
    if isinstance(value, bool):
        return int(value)
    if _RADIX.fullmatch(value):
        return int(value, 0)
    if not _DECIMAL.fullmatch(value) or math.isinf(found := float(value)):
        raise JException("D3030", -1, value)
    return numbers.tidy(found)


def round_(value: float | None, precision: float | None = None) -> float | int | None:
    """A number to some decimal places, halves to the even; no number if the places are broken."""
    if value is None or not math.isfinite(value):
        return value
    places = Decimal(repr(precision or 0))
    if places != places.to_integral_value():
        return math.nan
    shifted = Decimal(repr(value)).scaleb(int(places)) if abs(places) < _MOST_PLACES else Decimal(0)
    whole = shifted.to_integral_value(ROUND_HALF_EVEN)
    return numbers.tidy(float(whole.scaleb(-int(places)) if whole else 0))


def sum_(values: Sequence[float] | None) -> float | int | None:
    """The sum of numbers, added one after another."""
    if values is None:
        return None
    return numbers.tidy(functools.reduce(lambda total, each: float(total) + each, values, 0.0))


def average(values: Sequence[float] | None) -> float | int | None:
    """The mean of numbers; nothing of none."""
    if not values:
        return None
    return numbers.tidy(float(sum_(values) or 0) / len(values))


def largest(values: Sequence[float] | None) -> float | None:
    """The largest of numbers; nothing of none."""
    return max(values) if values else None


def smallest(values: Sequence[float] | None) -> float | None:
    """The smallest of numbers; nothing of none."""
    return min(values) if values else None


def absolute(value: float | None) -> float | None:
    """A number without its sign."""
    return None if value is None else abs(value)
