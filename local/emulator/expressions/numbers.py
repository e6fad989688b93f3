"""Numbers as JSONata has them: IEEE doubles, written as ECMAScript writes them."""

import math
from decimal import Decimal
from typing import Any

_EXACT = 2**63
"""Below it AWS keeps an integer of JSON whole; arithmetic is a double's in any case."""

_SMALLEST_EXPONENT = -6  # of numbers written without one; ECMA-262, "Number::toString"
_LARGEST_EXPONENT = 21
_PRECISION = 15  # digits of a number that `$string` and `&` turn into text


def is_number(value: Any) -> bool:
    """Whether a value is a JSON number; a boolean is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def tidy(number: float) -> float | int:
    """A number as JSON has it: 5.0 is 5."""
    if isinstance(number, float) and number.is_integer() and abs(number) < _EXACT:
        return int(number)
    return number


def read(text: str) -> float | int:
    """The number that a JSON document writes with a fraction or an exponent.

    Raises:
        ValueError: it is larger than a double can be.
    """
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is out of range")
    return tidy(number)


def divided(left: float, right: float) -> float:
    """A quotient; by zero it is infinite, and not a number for zero by zero."""
    if right:
        return left / right
    if not left or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def remainder(left: float, right: float) -> float:
    """A remainder with the sign of the dividend; not a number by zero or of infinity."""
    return math.fmod(left, right) if right and math.isfinite(left) else math.nan


def name(number: float) -> str:
    """An infinite number, or not a number, by ECMAScript's name."""
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


def rounded(number: float) -> float:
    """A number to fifteen significant digits."""
    return float(f"{float(number):.{_PRECISION}g}")


def text(number: float) -> str:
    """A number in JSON, with the fewest digits that read back as it; `null` beyond a double."""
    if not math.isfinite(number):
        return "null"
    digits, exponent = _parts(abs(float(number)))
    sign = "-" if number < 0 else ""
    point = exponent + 1
    if not _SMALLEST_EXPONENT <= exponent < _LARGEST_EXPONENT:
        fraction = f".{digits[1:]}" if digits[1:] else ""
        return f"{sign}{digits[0]}{fraction}e{exponent:+d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    whole, fraction = digits[:point].ljust(point, "0"), digits[point:]
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def _parts(number: float) -> tuple[str, int]:
    """The fewest significant digits of a number, and the exponent of the first."""
    shortest = Decimal(repr(number)).as_tuple()
    digits = "".join(map(str, shortest.digits))
    exponent = int(shortest.exponent) + len(digits) - 1
    return digits.rstrip("0") or "0", exponent if number else 0
