"""Cards: check digit, network, expiry."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.domain.cards import Card, facts, last_day, luhn_holds, network, verify
from handlers.domain.errors import PaymentNotVerified

TODAY = date(2026, 2, 28)
DIGITS = st.text(alphabet="0123456789", min_size=12, max_size=18)


def card(number: str, card_type: str = "VISA", expires: date = date(2029, 8, 31)) -> Card:
    return Card("Ada Lovelace", card_type, number, expires)


@given(DIGITS)
def test_exactly_one_check_digit_fits_a_number(number: str) -> None:
    assert sum(luhn_holds(number + str(digit)) for digit in range(10)) == 1


@given(DIGITS, st.data())
def test_one_mistyped_digit_is_always_found(number: str, data: st.DataObject) -> None:
    right = next(number + str(digit) for digit in range(10) if luhn_holds(number + str(digit)))
    place = data.draw(st.integers(0, len(right) - 1))
    wrong = data.draw(st.sampled_from(sorted(set("0123456789") - {right[place]})))
    assert not luhn_holds(right[:place] + wrong + right[place + 1 :])


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("4242424242424242", "VISA"),
        ("4222222222222", "VISA"),
        ("5555555555554444", "MASTERCARD"),
        ("2223003122003222", "MASTERCARD"),
        ("378282246310005", "AMEX"),
        ("6011111111111117", "DISCOVER"),
        ("6500000000000002", "DISCOVER"),
        ("3566002020360505", "JCB"),
        ("3056930009020004", "DINERS"),
        ("36227206271667", "DINERS"),
        ("6200000000000005", "UNIONPAY"),
    ],
)
def test_published_test_numbers_are_of_their_network_and_verified(number: str, name: str) -> None:
    assert network(number) == name
    verify(facts(card(number, name)), TODAY)


@pytest.mark.parametrize(
    "number", ["424242424242", "42424242424242", "5055555555554444", "2220000000000000", "9" * 16]
)
def test_a_prefix_or_length_that_nobody_issues_is_of_no_network(number: str) -> None:
    assert network(number) is None


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (card("4242424242424241"), "check digit"),
        (card("4242424242424242", "AMEX"), "not one of AMEX"),
        (card("4242424242424242", expires=date(2026, 1, 31)), "has expired"),
    ],
)
def test_a_card_that_cannot_be_charged_is_not_verified(refused: Card, why: str) -> None:
    with pytest.raises(PaymentNotVerified, match=why):
        verify(facts(refused), TODAY)


def test_a_card_is_good_through_the_last_day_of_its_month() -> None:
    verify(facts(card("4242424242424242", expires=last_day(2026, 2))), TODAY)


def test_a_leap_years_february_has_its_last_day() -> None:
    assert last_day(2028, 2) == date(2028, 2, 29)


def test_a_cards_number_and_holder_stay_out_of_its_description() -> None:
    assert "4242" not in repr(card("4242424242424242"))
    assert "Ada" not in repr(card("4242424242424242"))
