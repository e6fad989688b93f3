"""The API of a shop whose customers bring tokens: each reaches what is theirs, and no more."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from local import evidence
from local.http_api import Answer
from local.stack import Stack
from tests.embedded.helpers import put_stock
from tests.embedded.intake import ORDER, api, decided, place
from tests.emulator.issuer import AUDIENCE, Issuer, issuer, new_key

Send = Callable[..., Answer]
MINE, THEIRS = "c-mine", "c-theirs"
BODY = json.dumps({**ORDER, "customerId": MINE}).encode()


@pytest.fixture(scope="module")
def tokens() -> Iterator[Issuer]:
    with issuer() as running:
        yield running


@pytest.fixture(scope="module")
def orders(stack: Stack) -> dict[str, str]:
    """An order of each customer, by customer."""
    put_stock(stack, on_hand=1000)
    placed = {who: place(stack, customerId=who).document["orderId"] for who in (MINE, THEIRS)}
    for order_id in placed.values():
        decided(stack, order_id)
    return placed


@pytest.fixture(scope="module")
def members(stack: Stack, tokens: Issuer, orders: dict[str, str]) -> Iterator[Send]:
    """The stack's API, whose routes want a token meanwhile where they wanted a signature."""
    gateway = stack.cloud.client("apigatewayv2")
    url = stack.outputs["api"].rstrip("/")
    (made,) = (one for one in gateway.get_apis()["Items"] if one["ApiId"] in url)
    known = {"ApiId": made["ApiId"]}
    signed = [
        {**known, "RouteId": route["RouteId"]}
        for route in gateway.get_routes(**known)["Items"]
        if route["AuthorizationType"] == "AWS_IAM"
    ]
    authorizer = gateway.create_authorizer(
        **known,
        Name="tokens",
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": tokens.url, "Audience": [AUDIENCE]},
    )["AuthorizerId"]
    for route in signed:
        gateway.update_route(**route, AuthorizationType="JWT", AuthorizerId=authorizer)
    yield api(stack, signed=False).send
    for route in signed:
        gateway.update_route(**route, AuthorizationType="AWS_IAM", AuthorizerId="")
    gateway.delete_authorizer(**known, AuthorizerId=authorizer)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def requests(order_id: str, customer: str) -> list[tuple[Any, ...]]:
    return [
        ("POST", "/orders", BODY),
        ("GET", f"/orders/{order_id}", None),
        ("GET", f"/customers/{customer}/orders", None),
        ("POST", f"/orders/{order_id}/cancel", None),
    ]


@pytest.mark.parametrize(
    "wrong",
    [None, {"aud": "another-shop"}, {"exp": 1}, {"iss": "http://127.0.0.1:1"}, {"key": new_key()}],
    ids=["none", "audience", "expired", "issuer", "key"],
)
def test_nothing_is_reached_without_a_token_for_this_shop(
    members: Send, tokens: Issuer, orders: dict[str, str], wrong: dict[str, Any] | None
) -> None:
    headers = {} if wrong is None else bearer(tokens.token(sub=MINE, **wrong))

    answers = [members(*request, headers) for request in requests(orders[MINE], MINE)]
    assert [answer.status for answer in answers] == [401] * 4


def test_customers_place_and_read_their_own_orders(
    stack: Stack, members: Send, tokens: Issuer, orders: dict[str, str]
) -> None:
    mine = bearer(tokens.token(sub=MINE))
    read = members("GET", f"/orders/{orders[MINE]}", None, mine)
    placed = members("POST", "/orders", BODY, mine)
    decided(stack, placed.document["orderId"])
    listed = members("GET", f"/customers/{MINE}/orders", None, mine)

    assert (read.status, placed.status, listed.status) == (200, 202, 200)
    found = [order["orderId"] for order in listed.document["orders"]]
    assert found == [placed.document["orderId"], orders[MINE]]


def test_someone_elses_order_is_as_one_that_does_not_exist(
    stack: Stack, members: Send, tokens: Issuer, orders: dict[str, str]
) -> None:
    mine, theirs = bearer(tokens.token(sub=MINE)), orders[THEIRS]
    before = evidence.order_row(stack, theirs)

    for method, path in (("GET", "/orders/{}"), ("POST", "/orders/{}/cancel")):
        hidden, unknown = (
            members(method, path.format(order), None, mine) for order in (theirs, uuid4())
        )
        assert (hidden.status, hidden.document) == (404, unknown.document)
    assert evidence.order_row(stack, theirs) == before


def test_nobody_lists_or_places_orders_for_someone_else(members: Send, tokens: Issuer) -> None:
    theirs = bearer(tokens.token(sub=THEIRS))

    assert members("GET", f"/customers/{MINE}/orders", None, theirs).status == 403
    assert members("POST", "/orders", BODY, theirs).status == 403


def test_a_token_is_no_signature_of_a_callback(members: Send, tokens: Issuer) -> None:
    mine = bearer(tokens.token(sub=MINE))

    assert members("POST", "/callbacks/payment", b"{}", mine).status == 401


def test_customers_cancel_their_own_orders(
    members: Send, tokens: Issuer, orders: dict[str, str]
) -> None:
    mine = bearer(tokens.token(sub=MINE))

    cancelled = members("POST", f"/orders/{orders[MINE]}/cancel", None, mine)
    assert (cancelled.status, cancelled.document["state"]) == (200, "CANCELLED")
