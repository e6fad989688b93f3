"""Bad orders: one sentence that names the field, and nothing written anywhere."""

import json
from decimal import Decimal
from typing import Any

import pytest

from local.runner import Runner
from local.stack import Stack

ITEM = {"itemId": "item-1", "price": 10, "quantity": 2}
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no customer": ({"customerId": None}, "customerId"),
    "quantity zero": ({"orderContents": {"items": [{**ITEM, "quantity": 0}]}}, "quantity"),
    "quantity negative": ({"orderContents": {"items": [{**ITEM, "quantity": -1}]}}, "quantity"),
    "half a piece": (
        {"orderContents": {"items": [{**ITEM, "quantity": Decimal("1.5")}]}},
        "quantity",
    ),
    "an item twice": ({"orderContents": {"items": [ITEM, ITEM]}, "orderTotal": 40}, "itemId"),
    "no items": ({"orderContents": {"items": []}, "orderTotal": 0}, "items"),
    "a hundred items": (
        {
            "orderContents": {"items": [{**ITEM, "itemId": f"item-{n}"} for n in range(100)]},
            "orderTotal": 2000,
        },
        "99",
    ),
    "a currency nobody knows": ({"currency": "XXQ"}, "currency"),
    "too many decimals": (
        {"orderContents": {"items": [{**ITEM, "price": "9.999", "quantity": 1}]}},
        "price",
    ),
    "another total": ({"orderTotal": 21}, "orderTotal"),
    "not a number": ({"orderTotal": Decimal("NaN")}, "orderTotal"),
    "an emoji in a name": ({"customerId": "c-😀"}, "customerId"),
    "a million characters": ({"address": "x" * 1_000_000}, "address"),
    "a card of letters": (
        {
            "paymentDetails": {
                "name": "J",
                "cardType": "VISA",
                "cardNumber": "4242 4242 4242 424Z",
                "expiration": "08/39",
            }
        },
        "cardNumber",
    ),
    "month 13": (
        {
            "paymentDetails": {
                "name": "J",
                "cardType": "VISA",
                "cardNumber": "4242 4242 4242 4242",
                "expiration": "13/39",
            }
        },
        "expiration",
    ),
    "a card number for a customer": ({"customerId": "4242 4242 4242 4242"}, "customerId"),
    "a card number for a token": ({"paymentDetails": {"token": "4242424242424242"}}, "token"),
}


def everything(stack: Stack) -> str:
    dynamodb = stack.cloud.client("dynamodb")
    tables = sorted(dynamodb.list_tables()["TableNames"])
    items = {
        name: sorted(json.dumps(item) for item in dynamodb.scan(TableName=name)["Items"])
        for name in tables
    }
    states = stack.cloud.client("stepfunctions")
    machine = stack.outputs["stateMachines"]["order_processing"]
    started = len(states.list_executions(stateMachineArn=machine)["executions"])
    return json.dumps([items, started])


@pytest.fixture(scope="module")
def before(stack: Stack) -> str:
    return everything(stack)


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_in_one_sentence_and_changes_nothing(
    stack: Stack, before: str, runner: Runner, orders: Any, name: str
) -> None:
    change, field = BAD[name]

    result = runner.run(orders.scenario(input=change))

    assert result.status == "REFUSED"
    assert result.cause is not None
    assert field in result.cause
    assert "\n" not in result.cause
    assert len(result.cause) < 300
    assert "4242" not in result.cause
    assert everything(stack) == before
