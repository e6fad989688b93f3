"""Amounts at the edge: taken exactly or not at all."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.shared.rules.currencies import DIGITS
from handlers.shared.rules.money import LARGEST, BadAmount, major_units, minor_units

CURRENCIES = st.sampled_from(sorted(DIGITS))
UNITS = st.integers(min_value=0, max_value=LARGEST)


@given(UNITS, CURRENCIES)
def test_every_amount_survives_the_way_out_and_in(units: int, currency: str) -> None:
    text = major_units(units, currency)
    assert minor_units(text, currency) == units
    assert minor_units(Decimal(text), currency) == units or "E" in str(Decimal(text))


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        (1000, "USD", 100000),
        ("10.00", "USD", 1000),
        ("10.5", "USD", 1050),
        (Decimal("0.01"), "USD", 1),
        (Decimal("1000.0"), "USD", 100000),
        (1000, "JPY", 1000),
        ("1.005", "KWD", 1005),
        ("0.0001", "CLF", 1),
        (0, "USD", 0),
        ("9999999999.99", "USD", LARGEST),
    ],
)
def test_major_units_become_minor_units(amount: Any, currency: str, units: int) -> None:
    assert minor_units(amount, currency) == units


@pytest.mark.parametrize(
    "amount",
    [
        True,
        10.5,
        None,
        [],
        {},
        "",
        " 10",
        "10 ",
        "+10",
        "-10",
        "1e3",
        "1_000",
        "1,000",
        "010",
        ".5",
        "5.",
        "NaN",
        "Infinity",
        "١٠",
        -1,
        10**400,
        10**5000,
        Decimal("-1"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1E+3"),
        Decimal("1E-9"),
        Decimal("1E+999999"),
    ],
    ids=lambda amount: str(type(amount)) if isinstance(amount, int) else repr(amount),
)
def test_what_is_no_plain_amount_is_refused(amount: Any) -> None:
    with pytest.raises(BadAmount, match=r"must be an amount such as 10\.00"):
        minor_units(amount, "USD")


@pytest.mark.parametrize(
    ("amount", "currency"), [("10.001", "USD"), ("10.0", "JPY"), ("1.0000", "KWD")]
)
def test_more_digits_than_the_currency_has_are_refused(amount: str, currency: str) -> None:
    with pytest.raises(BadAmount, match=f"decimal places, as {currency} has"):
        minor_units(amount, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "largest"),
    [("10000000000", "USD", "9999999999.99 USD"), (10**12, "JPY", "999999999999 JPY")],
)
def test_an_amount_over_the_largest_is_refused(amount: Any, currency: str, largest: str) -> None:
    with pytest.raises(BadAmount, match=largest):
        minor_units(amount, currency)


def test_the_currencies_are_the_standards_with_their_digits() -> None:
    by_digits = {digits: list(DIGITS.values()).count(digits) for digits in range(5)}
    assert by_digits == {0: 17, 1: 0, 2: len(DIGITS) - 26, 3: 7, 4: 2}
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in DIGITS)
    assert not {"XAU", "XXX", "XTS", "XDR"} & set(DIGITS)
