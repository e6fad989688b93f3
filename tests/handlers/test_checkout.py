"""What a checkout must look like to be taken."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.checkout.rules.checkout_request import MAX_ITEMS, Line, order_id, parse_checkout
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.json_text import exact
from local.accept_checkout import accept_checkout
from tests.handlers.checkouts import DOCUMENT, checkout


def without(name: str) -> dict[str, Any]:
    return {field: value for field, value in DOCUMENT.items() if field != name}


def test_a_checkout_has_the_items_that_count_above_zero() -> None:
    parsed = checkout()
    assert (parsed.cart_id, parsed.email, parsed.total) == ("835235", "ada@example.com", 127)
    assert parsed.lines == (Line("Orange", 1), Line("Banana", 2))


@pytest.mark.parametrize("count", ["3", 3, 3.0, Decimal(3), Decimal("3.00")])
def test_a_count_is_text_or_a_number(count: Any) -> None:
    assert Line("Orange", 3) in checkout(Orange=count).lines


@pytest.mark.parametrize("cost", ["1.5", 1.5, "1.50", Decimal("1.5")])
def test_a_cost_is_text_or_a_number(cost: Any) -> None:
    assert checkout(total_cost=cost).total == 150


def test_any_name_may_be_an_items() -> None:
    parsed = checkout(orderId="1", **{"Crème brûlée (2 pieces)": "4"})
    assert {line.item_id for line in parsed.lines} >= {"orderId", "Crème brûlée (2 pieces)"}


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "the checkout must be a JSON object"),
        (without("CartId"), "CartId is missing"),
        (without("Email"), "Email is missing"),
        (without("Address"), "Address is missing"),
        (without("total_cost"), "total_cost is missing"),
        (DOCUMENT | {"CartId": 835235}, "CartId must be text"),
        (DOCUMENT | {"CartId": "x" * 129}, "CartId must have 1 to 128 characters"),
        (DOCUMENT | {"CartId": "4242424242424242"}, "CartId must not have a card number in it"),
        (DOCUMENT | {"Email": "ada"}, "Email must be a mail address such as a@example.com"),
        (DOCUMENT | {"Address": ""}, "Address must have 1 to 500 characters"),
        (DOCUMENT | {"total_cost": "1.275"}, "total_cost must have at most 2 decimal places"),
        (DOCUMENT | {"total_cost": 1.275}, "total_cost must have at most 2 decimal places"),
        (DOCUMENT | {"total_cost": "0.00"}, "total_cost must be more than zero"),
        (DOCUMENT | {"total_cost": "-1"}, "total_cost must be an amount such as 10.00"),
        (DOCUMENT | {"total_cost": True}, "total_cost must be an amount such as 10.00"),
        (
            {name: DOCUMENT[name] for name in ("CartId", "Email", "Address", "total_cost")},
            "the checkout must have an item",
        ),
        (
            DOCUMENT | {"Orange": "0", "Banana": "0"},
            f"the checkout must count 1 to {MAX_ITEMS} items above zero",
        ),
        (
            DOCUMENT | {f"item {place}": "0" for place in range(200)},
            "the checkout must name at most 200 items",
        ),
        (
            DOCUMENT | {f"item {place}": "1" for place in range(MAX_ITEMS)},
            f"the checkout must count 1 to {MAX_ITEMS} items above zero",
        ),
        (DOCUMENT | {"": "1"}, "the checkout must name items by 1 to 128 characters"),
        (DOCUMENT | {" Fig": "1"}, "the checkout must not have an item with an unfit name"),
        (DOCUMENT | {"Fig\n": "1"}, "the checkout must not have an item with an unfit name"),
    ],
)
def test_a_malformed_checkout_is_refused_in_a_sentence(document: Any, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_checkout(exact(document))
    assert str(caught.value).startswith(sentence)


def test_every_wrong_field_of_a_checkout_is_named() -> None:
    wrong = {**DOCUMENT, "Email": "ada", "Orange": -1, "Banana": "x", "total_cost": 0}
    with pytest.raises(BadInput) as caught:
        parse_checkout(exact({name: wrong[name] for name in wrong if name != "CartId"}))
    fields = [error.field for error in caught.value.errors]
    assert fields == ["CartId", "Email", '"Orange"', '"Banana"', "total_cost"]


def test_a_checkouts_address_has_lines_and_its_items_may_be_named_by_barcodes() -> None:
    parsed = checkout(Address="℅ Ada\r\n〒100-0001", **{"4000000000006": 2.0})
    assert parsed.address == "℅ Ada\n〒100-0001"
    assert {line.item_id: line.quantity for line in parsed.lines}["4000000000006"] == 2


@pytest.mark.parametrize(
    "count", ["-1", -1, "1.5", 1.5, "", " 1", "1e2", 10_000, "01", True, None, [], float("nan")]
)
def test_a_count_that_is_no_number_of_pieces_is_refused_by_its_name(count: Any) -> None:
    with pytest.raises(BadInput, match=r'^"Orange" must be a whole number of pieces'):
        checkout(Orange=count)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*DOCUMENT, "Fig"]) | st.text(), JSON))
def test_no_document_does_worse_than_being_refused(fields: dict[str, Any]) -> None:
    try:
        parsed = parse_checkout(exact({**DOCUMENT, **fields}))
    except BadInput as error:
        sentence = str(error)
    else:
        sentence = ""
        assert 1 <= len(parsed.lines) <= MAX_ITEMS
        assert all(1 <= line.quantity <= 9999 for line in parsed.lines)
    assert "\n" not in sentence


@given(st.integers(1, 10**12 - 1))
def test_a_cost_is_the_same_as_text_and_as_a_number_that_a_runtime_parsed(units: int) -> None:
    text = f"{units // 100}.{units % 100:02}"
    assert checkout(total_cost=text).total == units
    assert checkout(total_cost=json.loads(text)).total == units


def test_the_order_of_an_attempt_is_a_uuid_of_its_own_and_the_same_for_whoever_asks() -> None:
    ids = {order_id(cart, attempt) for cart in ("a", "b") for attempt in (1, 2, 12)}
    assert len(ids) == 6
    assert {UUID(each).version for each in ids} == {5}
    assert order_id("a", 1) == order_id("a", 1)


def test_a_good_checkout_is_accepted_as_it_is() -> None:
    assert accept_checkout(DOCUMENT) == DOCUMENT


def test_an_accepted_fraction_goes_on_exactly() -> None:
    accepted = accept_checkout(DOCUMENT | {"total_cost": 1.27, "Orange": 2})
    assert (accepted["total_cost"], accepted["Orange"]) == ("1.27", 2)
    assert parse_checkout(accepted) == checkout(Orange=2)


def test_an_accepted_count_written_as_a_fraction_is_taken_by_the_first_step() -> None:
    accepted = accept_checkout(DOCUMENT | {"Orange": 2.0})
    assert parse_checkout(accepted) == checkout(Orange=2)


def test_a_bad_checkout_is_not_accepted() -> None:
    with pytest.raises(BadInput, match="CartId is missing"):
        accept_checkout(without("CartId"))
