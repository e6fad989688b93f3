"""From what was posted to the state machine's input."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.payments.adapters.simulated_gateway import SimulatedGateway
from handlers.payments.rules.errors import PaymentNotVerified
from handlers.shared.adapters.dynamodb import read
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.json_text import loads
from local.accept_order import accept

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SAMPLE = """{"customerId": "c-id-56392", "email": "a@example.com", "currency": "USD",
 "orderContents": {"items": [{"itemId": "item-c9f4x", "price": 19.99, "quantity": 3}]},
 "orderTotal": 59.97,
 "paymentDetails": {"name": "John Doe", "cardType": "MASTERCARD",
                    "cardNumber": "5555 5555 5555 4444", "expiration": "08/29"}}"""


@pytest.fixture
def gateway(dynamodb: Any) -> SimulatedGateway:
    return SimulatedGateway(dynamodb, "PaymentGateway", lambda: NOW)


def by_token(token: str) -> dict[str, Any]:
    return {
        "customerId": "c-1",
        "orderContents": {"items": [{"itemId": "a", "price": 1}]},
        "orderTotal": 1,
        "paymentDetails": {"token": token},
    }


@pytest.mark.parametrize("text", [SAMPLE, SAMPLE.encode()], ids=["text", "bytes"])
def test_a_card_is_exchanged_for_a_token_that_pays(
    text: str | bytes, gateway: SimulatedGateway
) -> None:
    accepted = accept(loads(text), gateway, "o-1", NOW)
    payment = accepted.pop("payment")
    assert accepted == {
        "orderId": "o-1",
        "customerId": "c-id-56392",
        "email": "a@example.com",
        "currency": "USD",
        "orderTotal": 5997,
        "items": [{"itemId": "item-c9f4x", "price": 1999, "quantity": 3}],
        "requestedAt": "2026-01-01T00:00:00.000Z",
    }
    assert (payment["cardType"], payment["last4"]) == ("MASTERCARD", "4444")
    assert gateway.authorize("o-1", 5997, "USD", payment["token"])


def test_the_machines_input_is_json_without_the_card(gateway: SimulatedGateway) -> None:
    text = json.dumps(accept(loads(SAMPLE), gateway, "o-1", NOW))
    assert "5555" not in text
    assert "John Doe" not in text


def test_a_token_goes_through_with_what_the_gateway_knows_of_it(gateway: SimulatedGateway) -> None:
    accepted = accept(by_token("tok_visa"), gateway, "o-1", NOW)
    assert accepted["payment"] == {"token": "tok_visa", "cardType": "VISA", "last4": "4242"}


def test_a_token_nobody_issued_is_the_workflows_to_refuse(gateway: SimulatedGateway) -> None:
    accepted = accept(by_token("tok_made_up"), gateway, "o-1", NOW)
    with pytest.raises(PaymentNotVerified):
        gateway.authorize("o-1", 100, "USD", accepted["payment"]["token"])


def test_bad_input_leaves_nothing_in_the_vault(dynamodb: Any, gateway: SimulatedGateway) -> None:
    with pytest.raises(BadInput, match="orderTotal"):
        accept(loads(SAMPLE.replace("59.97", "59.98")), gateway, "o-1", NOW)
    assert dynamodb.scan(TableName="PaymentGateway")["Count"] == 0
    assert read(dynamodb, "PaymentGateway", Id="o-1") is None


def test_an_order_that_was_parsed_elsewhere_is_held_to_the_budget_too(
    gateway: SimulatedGateway, dynamodb: Any
) -> None:
    """Every field is within its own bounds, in letters that take four bytes each."""
    big = loads(SAMPLE)
    letter = "\N{CJK UNIFIED IDEOGRAPH-20000}"
    big["orderContents"]["items"] = [
        {"itemId": f"{number}", "price": 1, "itemDescription": letter * 256} for number in range(99)
    ]
    big["orderTotal"] = 99

    with pytest.raises(BadInput, match="the document must be at most 65536 bytes"):
        accept(big, gateway, "o-1", NOW)
    assert dynamodb.scan(TableName="PaymentGateway")["Count"] == 0


def test_text_is_no_order(gateway: SimulatedGateway) -> None:
    with pytest.raises(BadInput, match="must be a JSON object"):
        accept(SAMPLE, gateway, "o-1", NOW)
