"""Cards: whether one can be charged."""

from datetime import date

import pytest

from handlers.payments.rules.cards import Card, facts, last_day, verify
from handlers.payments.rules.errors import PaymentNotVerified

TODAY = date(2026, 2, 28)


def card(number: str, card_type: str = "VISA", expires: date = date(2029, 8, 31)) -> Card:
    return Card("Ada Lovelace", card_type, number, expires)


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


@pytest.mark.parametrize("card_type", ["VISA", "DANKORT"])
def test_a_co_branded_card_is_verified_under_either_name(card_type: str) -> None:
    verify(facts(card("4571000000000001", card_type)), TODAY)
