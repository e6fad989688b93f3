"""How an order enters order processing when it is started directly, without the API."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from handlers.accept import accept
from handlers.adapters.simulated_gateway import SimulatedGateway
from local.rows import typed
from local.scenario import Scenario
from local.stack import Stack

AMPLE = 1_000_000


def machine_input(stack: Stack, scenario: Scenario) -> dict[str, Any]:
    """The order as the machine gets it: checked, its card exchanged for a token.

    Raises:
        BadInput: one sentence that names the field; nothing was written then.
    """
    dynamodb = stack.cloud.client("dynamodb")
    gateway = SimulatedGateway(dynamodb, stack.table("PaymentGateway"))
    return accept(scenario.input, gateway, str(uuid4()), datetime.now(UTC))


def set_stock(stack: Stack, scenario: Scenario, order: Mapping[str, Any]) -> list[str]:
    """Put the given stock and prices; unlisted items have ample stock at the order's price.

    Returns:
        The items whose stock the result tells.
    """
    asked = {item["itemId"]: item["price"] for item in order["items"]}
    items = sorted({*asked, *scenario.stock, *scenario.prices})
    for item in items:
        row = {
            "ProductId": item,
            "OnHand": scenario.stock.get(item, AMPLE),
            "Reserved": 0,
            "Price": scenario.prices.get(item, asked.get(item, 0)),
            "Currency": order["currency"],
            "FulfillmentCenterId": "fc-1",
        }
        stack.cloud.client("dynamodb").put_item(TableName=stack.table("Inventory"), Item=typed(row))
    return items


def order_name(order: Mapping[str, Any]) -> str:
    """The execution is named after the order, so that an order is processed once."""
    return str(order["orderId"])


def order_id(_stack: Stack, order: Mapping[str, Any], _execution: str) -> str:
    """The order's id, which came in with it."""
    return str(order["orderId"])
