"""Networks: whose a card number is, and its check digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.payments.adapters.vault import OUTCOME_OF_NUMBER, TEST_TOKENS
from handlers.shared.rules.card_networks import CARD_TYPES, NETWORKS, luhn_holds, networks
from tests.handlers.published_cards import PUBLISHED, card_numbers, table, with_check_digit

DIGITS = st.text(alphabet="0123456789", min_size=12, max_size=18)


@given(DIGITS)
def test_exactly_one_check_digit_fits_a_number(number: str) -> None:
    assert sum(luhn_holds(number + str(digit)) for digit in range(10)) == 1


@given(DIGITS, st.data())
def test_one_mistyped_digit_is_always_found(number: str, data: st.DataObject) -> None:
    right = with_check_digit(number)
    place = data.draw(st.integers(0, len(right) - 1))
    wrong = data.draw(st.sampled_from(sorted(set("0123456789") - {right[place]})))
    assert not luhn_holds(right[:place] + wrong + right[place + 1 :])


@pytest.mark.parametrize(("name", "number"), PUBLISHED)
def test_a_published_test_number_is_of_its_network(name: str, number: str) -> None:
    assert name in networks(number)
    assert luhn_holds(number)


def test_the_documented_networks_are_the_codes() -> None:
    told = [(name, length, ranges) for name, ranges, length, *_ in table("`cardType`")]
    assert told == [(name, " ".join(map(str, length)), listed) for name, length, listed in NETWORKS]
    assert {name for name, _ in PUBLISHED} == set(CARD_TYPES)


def test_the_documented_outcomes_and_tokens_are_the_simulated_gateways() -> None:
    assert dict(table("Number")) == OUTCOME_OF_NUMBER
    told = {token: cells for token, *cells in table("Token")}
    assert told == {
        token: [card.facts.card_type, card.facts.last4, card.outcome]
        for token, card in TEST_TOKENS.items()
    }


@pytest.mark.parametrize(
    ("number", "names"),
    [
        ("30000000000004", ("DINERS",)),
        ("39000000000005", ("DINERS",)),
        ("6221260000000000", ("DISCOVER", "UNIONPAY")),
        ("6229250000000003", ("DISCOVER", "UNIONPAY")),
        ("6221250000000001", ("UNIONPAY",)),
        ("6229260000000002", ("UNIONPAY",)),
        ("2221000000000009", ("MASTERCARD",)),
        ("2720999999999996", ("MASTERCARD",)),
        ("3528000000000007", ("JCB",)),
        ("3589999999999997", ("JCB",)),
        ("4571000000000001", ("VISA", "DANKORT")),
    ],
)
def test_a_range_ends_where_its_network_says_and_may_be_shared(
    number: str, names: tuple[str, ...]
) -> None:
    assert networks(number) == names


@pytest.mark.parametrize(
    "number",
    ["424242424242", "42424242424242", "2220000000000000", "2721000000000000", "9" * 16, "1" * 15],
)
def test_a_prefix_or_length_that_nobody_issues_is_of_no_network(number: str) -> None:
    assert networks(number) == ()


@given(card_numbers(shortest=12))
def test_every_number_in_a_range_has_a_network(number: str) -> None:
    assert networks(number)
    assert luhn_holds(number)
