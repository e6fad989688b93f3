"""Money: integer minor units of an ISO 4217 currency, and the one way in and out of them.

At the edge an amount is in major units, a JSON number or a decimal string. It is taken exactly or
not at all: nothing is rounded, and no binary float is accepted.
"""

import re
from decimal import Decimal
from typing import Any

from handlers.shared.rules.currencies import DIGITS

LARGEST = 999_999_999_999
"""The largest amount, in minor units."""

_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,15}))?")
_LARGEST_INTEGER = 10**15  # Python refuses to write integers of more than 4,300 digits


class BadAmount(ValueError):
    """What is not an amount of money; the message is the rest of a sentence about it."""


def minor_units(amount: Any, currency: str) -> int:
    """An amount of major units in minor units: 1000 for `"10.00"` USD.

    Args:
        amount: an int, a Decimal or a string such as `"10.00"`.
        currency: a code that DIGITS knows.

    Raises:
        BadAmount: not such a value, negative, too large, or with more digits than the currency.
    """
    match = _DECIMAL.fullmatch(_text(amount))
    if match is None:
        raise BadAmount("must be an amount such as 10.00, without sign or exponent")
    whole, fraction = match[1], match[2] or ""
    if len(fraction) > DIGITS[currency]:
        raise BadAmount(f"must have at most {DIGITS[currency]} decimal places, as {currency} has")
    units = int(whole + fraction.ljust(DIGITS[currency], "0"))
    if units > LARGEST:
        raise BadAmount(f"must be at most {major_units(LARGEST, currency)} {currency}")
    return units


def major_units(units: int, currency: str) -> str:
    """Minor units as people write them: `"10.00"` for 1000 USD."""
    digits = DIGITS[currency]
    text = str(units).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


def _text(amount: Any) -> str:
    """The amount's digits; empty for what has no digits to take exactly."""
    if isinstance(amount, str):
        return amount
    if isinstance(amount, Decimal):
        return _plain(amount)
    return str(amount) if type(amount) is int and abs(amount) <= _LARGEST_INTEGER else ""


def _plain(amount: Decimal) -> str:
    """A Decimal's digits; one with an exponent is written with it, and so no amount."""
    return str(amount) if amount.is_finite() else ""
