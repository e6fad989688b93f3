"""Card numbers in text: found however they are written, and nothing else taken for one."""

from time import process_time
from uuid import UUID

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from handlers.shared.rules.card_networks import luhn_holds
from handlers.shared.rules.card_numbers import has_card_number
from tests.handlers.published_cards import (
    EANS,
    PUBLISHED,
    card_numbers,
    ean,
    grouped,
    with_check_digit,
)

EAN_OF_A_VISA = "4000000000006"
"""13 digits with the check digits of a card and of an article number."""


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424242",
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242 - 4242 - 4242 - 4242",
        "4242.4242.4242.4242",
        "4242\u200c4242\u20134242\u00a04242",
        "4242 4242\n4242 4242",
        "4242\r\n4242\r\n4242\r\n4242",
        "my card: 378282246310005, thanks",
        "card:4242424242424242",
        "card_4242424242424242",
        "1 4242 4242 4242 4242",
        "4242 4242 4242 4242 123",
        "A1 4242 4242 4242 4242 B2",
        "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢",
        "\uff14\uff12" * 8,
        "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
        "卡号4242424242424242有效",
        "カード番号4242424242424242です",
        "บัตร4242424242424242ค่ะ",
        "№4242424242424242",
        "Nº4242424242424242",
        "+4242 4242 4242 4242",
        "+1 4242 4242 4242 4242",
        "+1 425 555 0100 4242 4242 4242 4242",
        "+49 151 23456789, 4242424242424242",
        "4222222222222",
        "4222 2222 22222",
        "42424242-4242-4242",
        "42424242-4242-4242-8242",
        "42424242-4242-4242-8242-abc",
        "42424242-4242-4242-8242-4242424242421",
        "e4a80412-fa39-4072-8850-05897fcc2d60 4242424242424242",
    ],
    ids=ascii,
)
def test_a_card_number_is_found_however_it_is_written(text: str) -> None:
    assert has_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4242424242424241",
        "9999999999999995",
        "424242424242",
        "4242 4242 and 4242 4242",
        "00000000000042424242424242424242",
        "c-id-56392",
        "card4242424242424242",
        "4242424242424242x",
        "SN-4242424242424242A",
        "А4242424242424242",
        "DE4242424242424242",
        "tok_4242424242424242f",
        "550e8400-e29b-41d4-a716-446655440000",
        "8EA959C1-7AB2-4078-9990-3304038EDF7B",
        "paid by e4a80412-fa39-4072-8850-05897fcc2d60",
        "urn:uuid:e4a80412-fa39-4072-8850-05897fcc2d60-1",
        "{42424242-4242-4242-8242-abcdefabcdef}",
        "order_42424242-4242-4242-4242-424242424242",
        "2026-01-01 10:00:00",
        "+4915123456787",
        "\uff0b49 151 2345678-7",
        "call +49 (151) 2345678-7",
        "+378282246310005",
        EAN_OF_A_VISA,
        f"shelf 4, {EAN_OF_A_VISA}",
        "4 000000 000006",
        "352099001761481",
        "8949222222222222225",
    ],
    ids=ascii,
)
def test_what_is_no_card_or_an_id_by_its_form_is_no_card_number(text: str) -> None:
    assert not has_card_number(text)


def test_an_eans_digits_are_a_cards_where_one_pays_and_where_they_are_grouped_like_one() -> None:
    assert has_card_number(EAN_OF_A_VISA, payment=True)
    assert has_card_number("4000 0000 00006")
    assert has_card_number("4 000000 000006", payment=True)


@pytest.mark.parametrize(("name", "number"), PUBLISHED)
def test_every_published_test_number_is_a_card_number(name: str, number: str) -> None:
    assert has_card_number(number)


@given(st.data(), card_numbers(), st.sampled_from(["", "to: ", "12 ", "(", "№", "+1 "]))
def test_a_valid_number_of_any_network_is_found_in_any_grouping(
    data: st.DataObject, number: str, before: str
) -> None:
    text = before + data.draw(grouped(number))
    assume(before != "+1 " or len(number) > 14)
    assert has_card_number(text)
    assert has_card_number(text, payment=True)


@given(st.uuids(), st.sampled_from(["{}", "order {}", "{}-12", "x_{}", "urn:uuid:{}"]))
@example(UUID("42424242-4242-4242-8242-abcdefabcdef"), "{}")
def test_no_uuid_is_taken_for_a_card(value: UUID, text: str) -> None:
    assert not has_card_number(text.format(value), payment=True)
    assert not has_card_number(text.format(str(value).upper()), payment=True)


@given(EANS)
@example(EAN_OF_A_VISA)
def test_no_ean_is_taken_for_a_card(number: str) -> None:
    assert not has_card_number(number)
    assert not has_card_number(f"{number[0]} {number[1:7]} {number[7:]}")
    assert not has_card_number(f"2 x {number}")


@given(st.integers(4 * 10**11, 5 * 10**11 - 1).map(str).map(with_check_digit))
def test_a_visa_number_of_13_digits_is_a_card_unless_it_is_an_ean(number: str) -> None:
    assert has_card_number(number, payment=True)
    assert has_card_number(number) is (ean(number[:-1]) != number)


COUNTRIES = {
    "German": r"\+49 ?(15[1279]|16[023]|17[0-9])[ -]?[0-9]{7,8}",
    "US": r"\+1[ -.]?[2-9][0-9]{2}[ -.]?[2-9][0-9]{2}[ -.]?[0-9]{4}",
    "British": r"\+44 ?7[0-9]{3} ?[0-9]{6}",
    "Brazilian": r"\+55 [1-9][1-9] 9[0-9]{4}-[0-9]{4}",
    "Chinese": r"\+86 1[3-9][0-9] [0-9]{4} [0-9]{4}",
    "Indian": r"\+91[ -]?[6-9][0-9]{4}[ -]?[0-9]{5}",
    "Austrian": r"\+43 6[0-9]{2} [0-9]{4} [0-9]{4}",
    "Swedish": r"\+46 7[02369] [0-9]{3} [0-9]{2} [0-9]{2}",
    "any": r"\+[1-9][0-9]{6,14}",
}


@pytest.mark.parametrize("country", COUNTRIES)
@given(data=st.data())
def test_no_phone_number_with_a_plus_is_taken_for_a_card(country: str, data: st.DataObject) -> None:
    number = data.draw(st.from_regex(COUNTRIES[country], fullmatch=True))
    assert not has_card_number(number)
    assert not has_card_number(f"ring {number} twice")


@given(card_numbers(), st.sampled_from("aZéÜжΩ"), st.booleans())
def test_a_number_that_touches_a_letter_is_an_id(number: str, letter: str, before: bool) -> None:
    assert not has_card_number(f"{letter}{number}" if before else f"{number}{letter}")


@given(st.integers(10**15, 10**16 - 1).map(str))
def test_a_number_whose_check_digit_is_wrong_is_no_cards(number: str) -> None:
    assume(not luhn_holds(number))
    assert not has_card_number(number)


@pytest.mark.parametrize("text", ["4 " * 8_000, "4242-" * 3_000, "4" * 64_000, "+4 " * 6_000])
def test_a_hostile_text_is_searched_in_time(text: str) -> None:
    started = process_time()
    has_card_number(text)
    assert process_time() - started < 2
