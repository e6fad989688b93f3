"""Paid sessions: what is taken of them, and what is refused at the edge and at the plan."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from handlers.fulfillment.adapters.typed_json import untyped
from handlers.fulfillment.rules.errors import NoProducts
from handlers.fulfillment.rules.payment_session import FIELDS, Line, Session, parse_session
from handlers.fulfillment.rules.products import Product
from handlers.orders.rules.errors import InvalidOrder
from handlers.shared.adapters.dynamodb import typed
from handlers.shared.rules.errors import BadInput
from local.accept_session import accept_session
from tests.handlers.warehouses import ORDER, product, session


@pytest.mark.parametrize("given", [{"SessionId": ORDER}, {"SessionId": ORDER.upper()}])
def test_a_fulfillment_names_its_session(given: Any) -> None:
    accepted = accept_session(given)
    assert set(accepted) == {"SessionId"}
    assert accepted["SessionId"].lower() == ORDER


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "the fulfillment must be a JSON object with SessionId and nothing else"),
        ([], "the fulfillment must be a JSON object with SessionId and nothing else"),
        ({"SessionId": ORDER, "paid": True}, "the fulfillment must be a JSON object with"),
        ({"SessionId": "s-1"}, "SessionId must be a UUID"),
        ({"SessionId": 5}, "SessionId must be a UUID"),
        ({"SessionId": f"{ORDER}\n"}, "SessionId must be a UUID"),
        (f'{{"SessionId": "{ORDER}"}}', "must be a JSON object"),
    ],
)
def test_what_names_no_session_is_refused_in_a_sentence(given: Any, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        accept_session(given)


def test_a_session_in_full() -> None:
    document = session(product(), product("p2", None), Currency="EUR", Address="1 George Street")
    assert parse_session(document) == Session(
        order_id=ORDER,
        customer_id="c-1",
        currency="EUR",
        address="1 George Street",
        lines=(
            Line(Product("p1", 2, "Product p1", 500), "fc-1"),
            Line(Product("p2", 2, "Product p2", 500), None),
        ),
    )


@pytest.mark.parametrize(
    ("price", "kept"),
    [
        (Decimal("19.99"), "19.99"),
        (Decimal("1999"), 1999),
        (Decimal("1E+3"), 1000),
        (Decimal("1E-3"), "0.001"),
        (10**15, "1000000000000000"),
        (Decimal("1E+15"), "1000000000000000"),
        ("19.99", "19.99"),
        ("1e3", "1000"),
        ("1" * 38, "1" * 38),
        (None, None),
    ],
)
def test_a_price_is_kept_exactly_and_never_a_float(price: Any, kept: Any) -> None:
    (line,) = parse_session(session(product(price=price))).lines
    assert (line.product.price, type(line.product.price)) == (kept, type(kept))


@pytest.mark.parametrize(
    "price",
    [
        "abc",
        "$10",
        "19.99 EUR",
        "",
        "NaN",
        "-Infinity",
        "1" * 60,
        "1e99999999",
        "1e-38",
        True,
        [],
        {},
    ],
)
def test_what_is_no_number_is_no_price(price: Any) -> None:
    with pytest.raises(InvalidOrder, match=r"^Products\[1\]\.price must be a number of at most 38"):
        parse_session(session(product(), product(price=price)))


@given(st.text() | st.decimals().map(str) | st.integers().map(str) | st.integers() | st.decimals())
def test_a_price_that_is_taken_is_a_number_that_a_row_takes_exactly(price: Any) -> None:
    try:
        (line,) = parse_session(session(product(price=price))).lines
    except InvalidOrder:
        return
    taken = TypeSerializer().serialize(Decimal(str(line.product.price)))
    assert Decimal(taken["N"]) == Decimal(price)


@pytest.mark.parametrize("quantity", [1, 9999, Decimal("2"), Decimal("2.0")])
def test_a_whole_number_of_pieces_is_a_quantity(quantity: Any) -> None:
    (line,) = parse_session(session(product(quantity=quantity))).lines
    assert line.product.quantity == quantity


@pytest.mark.parametrize("quantity", [0, -1, 10000, Decimal("1.5"), "2", True, None, [], {}])
def test_anything_else_is_no_quantity(quantity: Any) -> None:
    with pytest.raises(
        InvalidOrder, match=r"^Products\[1\]\.quantity (must be a whole|is missing)"
    ):
        parse_session(session(product(), product(quantity=quantity)))


@pytest.mark.parametrize("products", [[], None])
def test_a_session_without_products_has_an_end_of_its_own(products: Any) -> None:
    with pytest.raises(NoProducts, match="no products"):
        parse_session({**session(), "Products": products})


@pytest.mark.parametrize("center", [None, ""])
def test_an_empty_centre_is_none(center: Any) -> None:
    (line,) = parse_session(session(product(fulfillmentCenterId=center))).lines
    assert line.center is None


def test_ids_that_other_systems_count_are_taken_by_their_digits() -> None:
    counted = product(id=Decimal(17), fulfillmentCenterId=Decimal(3))
    found = parse_session(session(counted, CustomerId=Decimal(9)))
    assert found.lines[0].product.id == "17"
    assert (found.lines[0].center, found.customer_id) == ("3", "9")


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"SessionId": "a/b"}, "SessionId must be text of the form"),
        ({"SessionId": None}, "SessionId is missing"),
        ({"CustomerId": None}, "CustomerId is missing"),
        ({"CustomerId": ""}, "CustomerId must have 1 to 128 characters"),
        ({"Currency": "XXL"}, "Currency must be the ISO 4217 code"),
        ({"Address": "x" * 501}, "Address must have at most 500 characters"),
        ({"Address": {"street": "Baker"}}, "Address must be text"),
        ({"Products": {"id": "p1"}}, "Products must be a list"),
        ({"Products": ["p1"]}, r"Products\[0\] must be an object"),
        ({"Products": [product(id="x" * 129)]}, r"Products\[0\].id must have 1 to 128 characters"),
        ({"Products": [product(id="a\nb")]}, r"Products\[0\].id must not have control"),
        ({"Products": [product(id=None)]}, r"Products\[0\].id is missing"),
        ({"Products": [product(id=Decimal("1.5"))]}, r"Products\[0\].id must be text"),
        ({"Products": [product(center="x" * 129)]}, r"\.fulfillmentCenterId must have 1 to 128"),
        ({"Products": [product(name="x" * 257)]}, r"Products\[0\].name must have at most 256"),
    ],
)
def test_a_wrong_field_is_named_and_its_value_is_not(
    columns: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidOrder, match=sentence) as refused:
        parse_session(session(product(), **columns))
    assert "Baker" not in str(refused.value)


def test_typed_json_is_read_without_a_float_whatever_null_is_called() -> None:
    item = typed(session(product(price=None))) | {"Paid": {"BOOL": True}, "Bytes": {"B": "AA=="}}
    item["Products"]["L"][0]["M"]["price"] = {"N": "19.99"}
    item["Products"]["L"][0]["M"]["name"] = {"Nul": True}
    item["Address"] = {"NULL": True}
    found = untyped(item, FIELDS)
    assert "Paid" not in found
    assert found["Address"] is None
    (bought,) = found["Products"]
    assert bought["price"] == Decimal("19.99")
    assert (bought["name"], bought["quantity"]) == (None, Decimal(2))


@pytest.mark.parametrize(
    "item", [None, {"Products": 5}, {"Products": {"N": "x"}}, {"Products": {"S": "", "N": ""}}]
)
def test_what_is_no_typed_json_is_bad_input(item: Any) -> None:
    with pytest.raises(BadInput, match="typed JSON"):
        untyped(item, FIELDS)
