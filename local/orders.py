"""How an order enters order processing: started directly, or posted to the HTTP API."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from botocore.credentials import Credentials

from handlers.intake.rules.order_request import parse_order
from handlers.payments.adapters.simulated_gateway import SimulatedGateway
from handlers.shared.rules.errors import BadInput
from local.accept_order import accept
from local.emulator.settings import ROOT_KEY
from local.given import put_stock
from local.http_api import Answer, HttpApi
from local.scenario import Scenario
from local.stack import Stack
from local.waiting import await_start

_TRIES = 5


def machine_input(stack: Stack, scenario: Scenario) -> dict[str, Any]:
    """The order as the machine gets it: checked, its card exchanged for a token.

    Raises:
        BadInput: one sentence that names the field; nothing was written then.
    """
    dynamodb = stack.cloud.client("dynamodb")
    gateway = SimulatedGateway(dynamodb, stack.table("PaymentGateway"))
    return accept(scenario.input, gateway, str(uuid4()), datetime.now(UTC))


def set_stock(stack: Stack, scenario: Scenario, order: Mapping[str, Any]) -> list[str]:
    """Put stock and prices; unlisted items have ample stock at the order's price."""
    asked = {item["itemId"]: item["price"] for item in order["items"]}
    return put_stock(stack, scenario, asked, order["currency"])


def order_name(_stack: Stack, order: Mapping[str, Any]) -> str:
    """The execution is named after the order, so that an order is processed once."""
    return str(order["orderId"])


def order_id(_stack: Stack, order: Mapping[str, Any], _execution: str) -> str:
    """The order's id, which came in with it."""
    return str(order["orderId"])


def posted_order(_stack: Stack, scenario: Scenario) -> dict[str, Any]:
    """What an order to be posted asks for, as far as stock and prices are put for it.

    Raises:
        BadInput: one sentence that names the field; nothing was written then.
    """
    order = parse_order(scenario.input)
    items = [{"itemId": item.item_id, "price": item.price} for item in order.items]
    return {"currency": order.currency, "items": items}


def _send(api: HttpApi, body: bytes) -> Answer:
    """The API's answer; a customer whose request met an error sends it again, as the same."""
    headers = {"Idempotency-Key": str(uuid4())}
    answer = api.send("POST", "/orders", body, headers)
    for _ in range(_TRIES - 1):
        if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            break
        answer = api.send("POST", "/orders", body, headers)
    return answer


def post(stack: Stack, scenario: Scenario, order: dict[str, Any]) -> str:
    """Post the order and return the execution that the queue's consumer starts for it.

    Raises:
        BadInput: the API refused the order, in its own sentence.
        StuckError: no execution was started.
    """
    credentials = Credentials(ROOT_KEY, ROOT_KEY)
    api = HttpApi(str(stack.outputs["api"]).rstrip("/"), credentials, stack.cloud.region)
    body = json.dumps(scenario.input, default=float).encode()
    answer = _send(api, body)
    if answer.status != HTTPStatus.ACCEPTED:
        raise BadInput("the HTTP API", f"answered {answer.status}: {answer.why}")
    order["orderId"] = answer.document["orderId"]
    return await_start(stack, "order_processing", order["orderId"])
