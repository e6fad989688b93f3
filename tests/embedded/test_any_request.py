"""Whatever is sent over HTTP is answered as the OpenAPI document says, and never by an error."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi

from local.settling import settle
from local.stack import Stack
from tests.embedded.any_request import OPERATIONS, Known, Sender, tried
from tests.embedded.helpers import put_pending, put_stock
from tests.embedded.intake import decided, place

AS_SAID = [
    checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
]
SUCCESSES = {
    "POST /orders": {202},
    "GET /orders/{orderId}": {200},
    "POST /orders/{orderId}/cancel": {200},
    "GET /customers/{customerId}/orders": {200},
    "POST /callbacks/payment": {202},
    "POST /callbacks/shipping": {202},
}


@pytest.fixture(scope="module")
def known(stack: Stack) -> Iterator[Known]:
    """Orders that there are; when all is done, nothing is left under way."""
    put_stock(stack, on_hand=1000)
    placed, open_id = str(place(stack).document["orderId"]), str(uuid4())
    put_pending(stack, open_id, CartId="cart-of-any-request")
    decided(stack, placed)
    yield Known(placed, open_id)
    settle(stack.cloud, stack.queues)
    stack.cloud.client("dynamodb").delete_item(
        TableName=stack.table("CustomerOrders"), Key={"OrderId": {"S": open_id}}
    )


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the host's is asked for what is on loopback."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.mark.parametrize("route", OPERATIONS)
def test_a_request_that_the_document_describes_is_answered_as_it_says(
    stack: Stack, known: Known, route: str
) -> None:
    sender = Sender.of(stack)
    seen: set[int] = set()

    def check(case: Any) -> None:
        answer = sender.send(case)
        seen.add(answer.status_code)
        case.validate_response(answer, checks=AS_SAID)

    @tried
    @given(OPERATIONS[route].as_strategy(generation_mode=GenerationMode.POSITIVE))
    def send(case: Any) -> None:
        check(case)
        known.aim(case)
        check(case)

    send()
    assert seen >= SUCCESSES[route], seen


@pytest.mark.parametrize("route", OPERATIONS)
def test_a_request_that_the_document_rules_out_is_refused_as_it_says(
    stack: Stack, route: str
) -> None:
    sender = Sender.of(stack)

    @tried
    @given(OPERATIONS[route].as_strategy(generation_mode=GenerationMode.NEGATIVE), st.booleans())
    def send(case: Any, forged: bool) -> None:
        answer = sender.send(case, forged=forged)
        case.validate_response(answer, checks=[*AS_SAID, openapi.negative_data_rejection])

    send()
