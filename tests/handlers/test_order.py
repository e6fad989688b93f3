"""The order request at the edge."""

from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.intake.rules.order_request import machine_input, parse_order
from handlers.orders.rules.items import Item
from handlers.payments.rules.cards import Card
from handlers.payments.rules.gateway import Payment
from handlers.shared.rules.currencies import DIGITS
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.money import major_units
from tests.handlers.published_cards import EANS, card_numbers, grouped

NUMBER = "5555 5555 5555 4444"
CARD = {"name": "John Doe", "cardType": "mastercard", "cardNumber": NUMBER, "expiration": "08/29"}
ITEM = {"itemId": "item-c9f4x", "price": 1000, "itemDescription": "Macbook", "quantity": 1}
ORDER: dict[str, Any] = {
    "customerId": "c-id-56392",
    "email": "a@example.com",
    "address": "1 George Street, Singapore",
    "currency": "USD",
    "orderContents": {"items": [ITEM]},
    "orderTotal": 1000,
    "paymentDetails": CARD,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
PATHS = (
    *((name,) for name in ORDER),
    *(("paymentDetails", name) for name in (*CARD, "token")),
    ("orderContents", "items"),
    *(("orderContents", "items", 0, name) for name in ITEM),
)

TEXTS: list[tuple[str | int, ...]] = [
    ("customerId",),
    ("email",),
    ("address",),
    ("paymentDetails", "name"),
    ("orderContents", "items", 0, "itemId"),
    ("orderContents", "items", 0, "itemDescription"),
]


def changed(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy of the document with another value at the path."""
    copy = deepcopy(document)
    inner: Any = {"": copy}
    steps: list[Any] = ["", *path]
    for step in steps[:-1]:
        inner = inner[step]
    inner[steps[-1]] = value
    return copy if path else value


def without(document: Any, *path: str | int) -> Any:
    copy = deepcopy(document)
    *parents, last = path
    inner = copy
    for step in parents:
        inner = inner[step]
    del inner[last]
    return copy


def refusal(document: Any) -> str:
    with pytest.raises(BadInput) as caught:
        parse_order(document)
    sentence = str(caught.value)
    assert sentence == f"{caught.value.field} {caught.value.why}"
    return sentence


def complaint(document: Any) -> str:
    """What is wrong with a document; empty when nothing is. No other error is caught."""
    try:
        parse_order(document)
    except BadInput as error:
        return str(error)
    return ""


def test_the_published_shape_is_taken_in_minor_units() -> None:
    order = parse_order(ORDER)
    assert order.items == (Item("item-c9f4x", 100000, 1, "Macbook"),)
    assert (order.total, order.currency) == (100000, "USD")
    assert isinstance(order.means, Card)
    assert order.means.number == "5555555555554444"
    assert order.means.card_type == "MASTERCARD"


def test_what_is_optional_may_be_missing_or_null() -> None:
    bare = {
        "customerId": "c-1",
        "orderContents": {"items": [{"itemId": "a", "price": "0.10"}]},
        "orderTotal": Decimal("0.1"),
        "paymentDetails": {"token": "tok_visa"},
    }
    order = parse_order(bare)
    assert (order.email, order.address, order.currency) == (None, None, "USD")
    assert order.items == (Item("a", 10, 1, None),)
    assert order.means == "tok_visa"
    nothing = {**bare, "email": None, "address": None, "currency": None}
    assert parse_order(changed(nothing, ("orderContents", "items", 0, "quantity"), None)) == order


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ((), [], "the order must be a JSON object"),
        (("customerId",), 5, "customerId must be text"),
        (("customerId",), "", "customerId must have 1 to 128 characters"),
        (("customerId",), "x" * 129, "customerId must have 1 to 128 characters"),
        (("customerId",), " x", "customerId must not begin or end with a space"),
        (("customerId",), "x\u0000", "customerId must not have control characters"),
        (("customerId",), "a/b", 'customerId must not have "/", "?", "#" or "%"'),
        (("customerId",), "a%b", 'customerId must not have "/", "?", "#" or "%"'),
        (("customerId",), "..", 'customerId must not have "/", "?", "#" or "%", nor be "."'),
        (("customerId",), "4242424242424242", "customerId must not have a card number in it"),
        (("email",), "nobody", "email must be a mail address such as a@example.com"),
        (("email",), "a@b", "email must be a mail address"),
        (("email",), "a..b@example.com", "email must be a mail address"),
        (("email",), "a@-example.com", "email must be a mail address"),
        (("email",), "a" * 65 + "@example.com", "email must be a mail address"),
        (("email",), "a@" + "b" * 260 + ".com", "email must have 1 to 254 characters"),
        (("email",), "4242424242424242@example.com", "email must not have a card number"),
        (("address",), "x" * 501, "address must have 1 to 500 characters"),
        (("address",), "4242-4242-4242-4242", "address must not have a card number in it"),
        (("currency",), "usd", "currency must be the ISO 4217 code"),
        (("currency",), "XXX", "currency must be the ISO 4217 code"),
        (("currency",), ["USD"], "currency must be the ISO 4217 code"),
        (("orderTotal",), "999.99", "orderTotal must be the sum of the items, 1000.00 USD, but is"),
        (("orderTotal",), 0, "orderTotal must be more than zero"),
        (("orderTotal",), 1000.0, "orderTotal must be an amount"),
        (("orderTotal",), None, "orderTotal is missing"),
        (("orderContents",), [], "orderContents must be a JSON object"),
        (("orderContents", "items"), [], "orderContents.items must be a list of 1 to 99 items"),
        (("orderContents", "items"), {}, "orderContents.items must be a list of 1 to 99 items"),
        (("orderContents", "items"), [ITEM] * 100, "orderContents.items must be a list of 1 to 99"),
        (("orderContents", "items"), [ITEM] * 2, "orderContents.items[1].itemId must not be"),
        (("orderContents", "items", 0), 7, "orderContents.items[0] must be a JSON object"),
        (("orderContents", "items", 0, "price"), -1, "orderContents.items[0].price must be an"),
        (("orderContents", "items", 0, "price"), 0, "orderContents.items[0].price must be more"),
        (("orderContents", "items", 0, "price"), "1.001", "price must have at most 2 decimal"),
        (("orderContents", "items", 0, "quantity"), 0, "quantity must be an integer from 1 to"),
        (("orderContents", "items", 0, "quantity"), 10000, "quantity must be an integer from 1"),
        (("orderContents", "items", 0, "quantity"), True, "quantity must be an integer from 1"),
        (("orderContents", "items", 0, "quantity"), "2", "quantity must be an integer from 1"),
        (("orderContents", "items", 0, "itemDescription"), "a\nb", "itemDescription must not have"),
        (("orderContents", "items", 0, "itemDescription"), "a\u202eb", "itemDescription must not"),
        (("orderContents", "items", 0, "itemId"), "lamp 😀", "itemId must not have control"),
        (("address",), "a\rb", "address must not have control characters but line breaks"),
        (("address",), "a\n\u202eb", "address must not have control characters but line breaks"),
        (("address",), "\n\n", "address must have 1 to 500 characters"),
        (("address",), "4242 4242\n4242 4242", "address must not have a card number in it"),
        (("paymentDetails",), "tok_visa", "paymentDetails must be a JSON object"),
        (("paymentDetails",), {}, "paymentDetails.cardNumber is missing"),
        (("paymentDetails", "token"), "tok_visa", "paymentDetails must have either a token or a"),
        (("paymentDetails",), {"token": "visa"}, "paymentDetails.token must be tok_ and 1 to 60"),
        (("paymentDetails",), {"token": "tok_visa\n"}, "paymentDetails.token must be tok_ and"),
        (("paymentDetails", "cardNumber"), 4242424242424242, "cardNumber must be text of 12 to"),
        (("paymentDetails", "cardNumber"), "4242x4242y4242", "cardNumber must be text of 12 to"),
        (("paymentDetails", "cardNumber"), "4" * 11, "cardNumber must be text of 12 to 19 digits"),
        (("paymentDetails", "cardNumber"), "4" * 20, "cardNumber must be text of 12 to 19 digits"),
        (("paymentDetails", "expiration"), "13/29", "expiration must be text of a month as MM/YY"),
        (("paymentDetails", "expiration"), "8/29", "expiration must be text of a month as MM/YY"),
        (("paymentDetails", "expiration"), "08/1999", "expiration must be text of a month as"),
        (("paymentDetails", "cardType"), "VISTA", "paymentDetails.cardType must be one of VISA,"),
        (("paymentDetails", "name"), NUMBER, "paymentDetails.name must not have a card number"),
        (("paymentDetails", "name"), "4000000000006", "name must not have a card number"),
        (("paymentDetails", "4000000000006"), 1, "must not have a field with an unfit name"),
        (("paymentDetails",), {"token": "tok_4000000000006"}, "paymentDetails.token must be tok_"),
        (("coupon",), 1, 'the order must not have "coupon"; it takes customerId, email'),
        (("paymentDetails", "cvc"), "123", 'paymentDetails must not have "cvc"; it takes name'),
        (("orderContents", "items", 0, "sku"), 1, 'orderContents.items[0] must not have "sku"'),
        (("4242424242424242",), 1, "the order must not have a field with an unfit name"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_field_is_refused_in_a_sentence_that_names_it(
    path: tuple[str | int, ...], value: Any, sentence: str
) -> None:
    assert sentence in refusal(changed(ORDER, path, value))


@pytest.mark.parametrize(
    "path",
    [
        ("customerId",),
        ("orderContents",),
        ("orderContents", "items"),
        ("orderTotal",),
        ("paymentDetails",),
        *(("paymentDetails", name) for name in CARD),
        ("orderContents", "items", 0, "itemId"),
        ("orderContents", "items", 0, "price"),
    ],
    ids=str,
)
def test_a_missing_field_is_named(path: tuple[str | int, ...]) -> None:
    sentence = refusal(without(ORDER, *path))
    assert sentence.endswith(f"{path[-1]} is missing")


def errors(document: Any) -> dict[str, str]:
    """What is wrong with each field of a document."""
    with pytest.raises(BadInput) as caught:
        parse_order(document)
    return {error.field: error.why for error in caught.value.errors}


EVERYTHING_WRONG = {
    "customerId": "a/b",
    "email": "nobody",
    "address": "bell\u0007",
    "currency": "usd",
    "orderContents": {
        "items": [
            {"itemId": "", "price": -1, "quantity": 0, "itemDescription": "x" * 257},
            {"price": 1, "sku": 5},
            7,
            ITEM,
            {**ITEM, "quantity": 1.5},
        ],
        "note": "",
    },
    "orderTotal": 0,
    "paymentDetails": {"name": "", "cardType": "?", "cardNumber": "1", "expiration": "1/1"},
    "coupon": 1,
}


def test_every_wrong_field_of_a_body_is_listed_at_once() -> None:
    line = "orderContents.items"
    assert list(errors(EVERYTHING_WRONG)) == [
        "the order",
        "customerId",
        "email",
        "address",
        "currency",
        "orderContents",
        f"{line}[0].itemId",
        f"{line}[0].quantity",
        f"{line}[0].itemDescription",
        f"{line}[1]",
        f"{line}[1].itemId",
        f"{line}[2]",
        f"{line}[4].itemId",
        f"{line}[4].quantity",
        "paymentDetails.name",
        "paymentDetails.cardType",
        "paymentDetails.cardNumber",
        "paymentDetails.expiration",
    ]


def test_amounts_are_judged_by_a_currency_that_there_is() -> None:
    found = errors({**EVERYTHING_WRONG, "currency": "USD"})
    assert {"orderContents.items[0].price", "orderTotal"} <= set(found)
    assert "currency" not in found


def test_what_follows_from_another_error_is_not_listed() -> None:
    assert list(errors(changed(ORDER, ("orderContents", "items", 0, "price"), "x"))) == [
        "orderContents.items[0].price"
    ]
    assert list(errors({**ORDER, "currency": "XXX"})) == ["currency"]
    assert list(errors(without(ORDER, "orderContents"))) == ["orderContents"]


def test_a_sentence_names_ten_fields_and_a_list_five_hundred() -> None:
    strange = {f"field {place}": 1 for place in range(600)}
    with pytest.raises(BadInput) as caught:
        parse_order({**ORDER, **strange})
    assert len(caught.value.errors) == 500
    assert str(caught.value).count("; it takes") == 10
    assert str(caught.value).endswith("; and 490 more")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1 George Street\nSingapore", "1 George Street\nSingapore"),
        ("1 George Street\r\n\r\nSingapore\r\n", "1 George Street\n\nSingapore"),
        ("℅ Ada № 5\n〒100-0001 ㈱", "℅ Ada № 5\n〒100-0001 ㈱"),
    ],
)
def test_an_address_has_lines_and_signs(written: str, read: str) -> None:
    assert parse_order({**ORDER, "address": written}).address == read


@pytest.mark.parametrize("text", ["-5 ℃ ★ ✓", "gift 🎁", "4006381333931", "SN4242424242424242"])
def test_a_description_has_every_sign_and_digits_that_are_no_cards(text: str) -> None:
    order = changed(ORDER, ("orderContents", "items", 0, "itemDescription"), text)
    assert parse_order(order).items[0].description == text


@given(st.data(), card_numbers(), st.sampled_from(TEXTS))
def test_a_card_number_of_any_network_is_refused_in_every_text(
    data: st.DataObject, number: str, path: tuple[str | int, ...]
) -> None:
    sentence = refusal(changed(ORDER, path, data.draw(grouped(number))))
    assert str(path[-1]) in sentence
    assert "a card number" in sentence or "tok_" in sentence


@given(st.uuids().map(str) | EANS | st.from_regex(r"\+[1-9][0-9]{9,14}", fullmatch=True))
def test_ids_barcodes_and_phone_numbers_are_taken_in_every_text_but_a_payments(text: str) -> None:
    order = {**ORDER, "customerId": text, "address": f"ring {text}"}
    order["orderContents"] = {"items": [{**ITEM, "itemId": text, "itemDescription": text}]}
    assert parse_order(order).items[0].item_id == text


def test_a_total_that_is_not_the_sum_says_both_figures() -> None:
    sentence = refusal({**ORDER, "orderTotal": "900.5"})
    assert sentence == "orderTotal must be the sum of the items, 1000.00 USD, but is 900.50"


@given(st.sampled_from(PATHS), JSON)
def test_nothing_but_bad_input_is_raised_for_any_value_anywhere(
    path: tuple[str | int, ...], value: Any
) -> None:
    sentence = complaint(changed(ORDER, path, value))
    assert len(sentence) < 2000
    assert "\n" not in sentence
    assert "5555" not in sentence


@given(JSON)
def test_nothing_but_bad_input_is_raised_for_any_document(document: Any) -> None:
    with pytest.raises(BadInput):
        parse_order(document)


LINES = st.lists(st.tuples(st.integers(1, 99_999_999), st.integers(1, 99)), min_size=1, max_size=99)


@given(LINES, st.sampled_from(sorted(DIGITS)))
def test_a_right_sum_is_accepted_and_a_cent_more_is_not(
    lines: list[tuple[int, int]], currency: str
) -> None:
    items = [
        {"itemId": f"item-{place}", "price": major_units(price, currency), "quantity": quantity}
        for place, (price, quantity) in enumerate(lines)
    ]
    total = sum(price * quantity for price, quantity in lines)
    order = {**ORDER, "orderContents": {"items": items}, "currency": currency}
    assert parse_order({**order, "orderTotal": major_units(total, currency)}).total == total
    wrong = {**order, "orderTotal": major_units(total + 1, currency)}
    assert refusal(wrong).startswith("orderTotal must be the sum")


def test_personal_data_stays_out_of_a_requests_description() -> None:
    text = repr(parse_order(ORDER))
    assert not any(secret in text for secret in ("example.com", "George", "John", "5555"))


def test_the_machines_input_is_in_minor_units_and_leaves_out_what_was_not_given() -> None:
    payment = Payment("tok_1", "MASTERCARD", "4444")
    accepted = datetime(2026, 1, 1, tzinfo=UTC)
    full = {
        "orderId": "o-1",
        "customerId": "c-id-56392",
        "email": "a@example.com",
        "address": "1 George Street, Singapore",
        "currency": "USD",
        "orderTotal": 100000,
        "items": [
            {"itemId": "item-c9f4x", "price": 100000, "quantity": 1, "itemDescription": "Macbook"}
        ],
        "payment": {"token": "tok_1", "cardType": "MASTERCARD", "last4": "4444"},
        "requestedAt": "2026-01-01T00:00:00.000Z",
    }
    assert machine_input(parse_order(ORDER), payment, "o-1", accepted) == full
    plain = without(without(without(ORDER, "email"), "address"), "orderContents", "items")
    plain["orderContents"] = {"items": [{"itemId": "a", "price": 1000}]}
    line = {"itemId": "a", "price": 100000, "quantity": 1}
    bare = {name: full[name] for name in full if name not in ("email", "address")}
    bare["items"] = [line]
    assert machine_input(parse_order(plain), payment, "o-1", accepted) == bare
