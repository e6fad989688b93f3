"""The OpenAPI document: valid, whole, and no narrower than what the functions take."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from hypothesis import given
from hypothesis import strategies as st
from openapi_spec_validator import validate

from handlers.checkout import receive_callback
from handlers.checkout.rules.answers import Step
from handlers.checkout.rules.callback_receiver import Outcome
from handlers.intake import get_order, place_order
from handlers.intake.rules.idempotency import parse_key
from handlers.intake.rules.order_pages import DEFAULT_LIMIT, MAX_LIMIT
from handlers.intake.rules.order_request import parse_order
from handlers.orders.rules.customers import customer_id
from handlers.orders.rules.items import MAX_ITEMS, MAX_QUANTITY
from handlers.shared.rules.card_networks import CARD_TYPES
from handlers.shared.rules.currencies import DIGITS
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.json_object import Reader
from handlers.shared.rules.json_text import exact
from tests.handlers.http import Route, event
from tests.handlers.openapi import DOCUMENT, describes, operation, require, resolved
from tests.handlers.placing import ORDER, Store

ROUTES = {
    "POST /orders",
    "GET /orders/{orderId}",
    "POST /orders/{orderId}/cancel",
    "GET /customers/{customerId}/orders",
    "POST /callbacks/payment",
    "POST /callbacks/shipping",
}
SCHEMAS = DOCUMENT["components"]["schemas"]
EXAMPLES = operation("POST /orders")["requestBody"]["content"]["application/json"]["examples"]


def test_the_document_is_one() -> None:
    validate(DOCUMENT)


def test_the_document_has_every_route_and_each_says_who_may_use_it() -> None:
    found = {
        f"{method.upper()} {path}": part
        for path, methods in DOCUMENT["paths"].items()
        for method, part in methods.items()
    }
    assert set(found) == ROUTES
    for route, part in found.items():
        schemes = {name for each in part.get("security", DOCUMENT["security"]) for name in each}
        signed = {"signature", "timestamp"}
        assert schemes == (signed if "callbacks" in route else {"iam", "jwt"})
        assert {"401", "429", "500"} <= set(part["responses"])


def test_every_part_of_the_document_is_used() -> None:
    text = json.dumps(DOCUMENT)
    for kind in ("schemas", "responses", "parameters"):
        for name in DOCUMENT["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, f"{name} is used nowhere"


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_the_examples_are_orders(example: Any) -> None:
    require(example["value"], {"$ref": "#/components/schemas/OrderRequest"})
    assert parse_order(exact(example["value"]))


def test_the_documents_numbers_are_the_codes() -> None:
    lines = SCHEMAS["OrderRequest"]["properties"]["orderContents"]["properties"]["items"]
    assert (lines["minItems"], lines["maxItems"]) == (1, MAX_ITEMS)
    assert SCHEMAS["ItemSent"]["properties"]["quantity"]["maximum"] == MAX_QUANTITY
    limit = operation("GET /customers/{customerId}/orders")["parameters"][1]["schema"]
    assert (limit["default"], limit["maximum"]) == (DEFAULT_LIMIT, MAX_LIMIT)
    assert SCHEMAS["OrderPage"]["properties"]["orders"]["maxItems"] == MAX_LIMIT
    brands = json.dumps(SCHEMAS["PaymentDetails"])
    assert all(brand in brands for brand in CARD_TYPES)
    words = json.dumps(SCHEMAS["Callback"])
    assert all(word in words for word in ("succeeded", "unavailable", "processing"))
    assert set(SCHEMAS["CallbackOutcome"]["properties"]["outcome"]["enum"]) == {
        word for _, word in receive_callback._RECEIVED.values()
    }
    assert {f"POST /callbacks/{step}" for step in Step} <= ROUTES
    assert Outcome.KEPT in receive_callback._RECEIVED
    assert all(describes("Currency", code) for code in DIGITS)


@given(st.text(max_size=4) | st.from_regex(r"[!-~]{1,130}", fullmatch=True))
def test_the_document_takes_every_key_that_the_code_takes(text: str) -> None:
    try:
        parse_key(text, "caller")
    except BadInput:
        return
    require(text, operation("POST /orders")["parameters"][0]["schema"])


@given(st.text("a./?#% é+", max_size=4))
def test_the_document_takes_every_customer_that_the_code_takes(text: str) -> None:
    schema = {"$ref": "#/components/schemas/CustomerId"}
    try:
        customer_id(Reader({"customerId": text}))
    except BadInput:
        return
    require(text, schema)
    assert not set("/?#%") & set(text)


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-1, 10_000)
    | st.sampled_from([0.5, 19.99, 1e3, "1", "0.50", "01", "1e3", "USD", "usd", "a@b.ch", "08/29"])
    | st.text(max_size=3)
    | st.sampled_from([[], {}, {"token": "tok_visa"}, {"token": None}, ["x"]])
)
SHAPES: Any = st.sampled_from(
    [
        (),
        ("orderContents",),
        ("orderContents", "items", 0),
        ("orderContents", "items", 1),
        ("paymentDetails",),
    ]
)
NAMES = st.sampled_from(
    [
        *ORDER,
        *ORDER["paymentDetails"],
        "itemId",
        "price",
        "itemDescription",
        "quantity",
        "items",
        "token",
        "currency",
        "x",
    ]
)


@given(st.lists(st.tuples(SHAPES, NAMES, VALUES), max_size=3))
def test_the_document_takes_every_order_that_the_code_takes(changes: Any) -> None:
    order = json.loads(json.dumps(ORDER))
    for path, name, value in changes:
        part = order
        for step in path:
            part = part[step] if isinstance(part, list | dict) and _has(part, step) else {}
        if isinstance(part, dict):
            part[name] = value
    try:
        parse_order(exact(order))
    except BadInput:
        return
    assert describes("OrderRequest", order), order


def _has(part: Any, step: Any) -> bool:
    return step in part if isinstance(part, dict) else isinstance(step, int) and step < len(part)


def test_the_document_refuses_what_an_order_must_not_have() -> None:
    for customer in ("", "a/b", "a%b", ".", ".."):
        assert not describes("OrderRequest", {**ORDER, "customerId": customer})
    for wrong in ({"x": 1}, {"orderTotal": 0}, {"currency": "dollars"}):
        assert not describes("OrderRequest", {**ORDER, **wrong})


def test_an_answer_that_the_document_does_not_know_is_noticed(
    store: Store, context: LambdaContext
) -> None:
    route = Route("GET /orders/{orderId}", place_order.handler, context)
    with pytest.raises(AssertionError, match="answers 202, which the document does not know"):
        route.send({**event("GET /orders/{orderId}"), "body": json.dumps(ORDER)})
    with pytest.raises(AssertionError, match="is not as the document says"):
        require({"orderId": "o-1"}, {"$ref": "#/components/schemas/OrderState"})
    answer = get_order.handler(event("GET /orders/{orderId}"), context)
    assert resolved({"$ref": "#/components/responses/NotFound"})
    assert answer["statusCode"] == 404


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("size", [1, receive_callback.MAX_BYTES + 1])
def test_a_callback_without_a_signature_is_answered_as_the_document_says(
    step: Step,
    size: int,
    store: Store,
    context: LambdaContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CALLBACK_SECRET_ARN", "arn:aws:secretsmanager:us-east-1:1:secret:s")
    monkeypatch.setattr(receive_callback, "callback_secret", lambda _: b"secret")
    route = Route(f"POST /callbacks/{step}", receive_callback.handler, context)
    assert route(None, "x" * size).status in (401, 413)
