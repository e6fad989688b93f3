"""An order that a customer places with a stack."""

import json
import time
from collections.abc import Mapping
from typing import Any

from botocore.credentials import Credentials
from pulumi import automation

from local.cloud import Cloud
from local.deploy import Deployment
from local.given import put_stock
from local.http_api import HttpApi
from local.machines import task_states
from local.orders_api import place_order
from local.scenario import Scenario
from local.scenario_files import read_scenario
from local.stack import Stack
from tests.engine.workplace import ROOT

SCENARIO = ROOT / "samples" / "lifecycle" / "02_placed_by_http.json"
_ENOUGH_SECONDS = 60


def order(cloud: Cloud, outputs: Mapping[str, automation.OutputValue]) -> dict[str, Any]:
    """Places an order with the stack's API, and gives its row once it is PENDING no more.

    A paid order's row is given once it is shipped.
    """
    known = {name: output.value for name, output in outputs.items()}
    stack = Stack(cloud, Deployment([], known), 0)
    scenario = read_scenario(SCENARIO, task_states())
    put_stock(stack, scenario, _prices(scenario), "USD")
    api = HttpApi(known["api"].rstrip("/"), Credentials("test", "test"), cloud.region)
    placed = place_order(api, json.dumps(scenario.input, default=float).encode(), {})
    return _settled(stack, placed["orderId"])


def _prices(scenario: Scenario) -> dict[str, int | None]:
    items = scenario.input["orderContents"]["items"]
    return {item["itemId"]: int(item["price"] * 100) for item in items}


def _settled(stack: Stack, order_id: str) -> dict[str, Any]:
    client, until = stack.cloud.client("dynamodb"), time.monotonic() + _ENOUGH_SECONDS
    key = {"OrderId": {"S": order_id}}
    while time.monotonic() < until:
        answer = client.get_item(TableName=stack.table("CustomerOrders"), Key=key)
        row: dict[str, Any] = answer.get("Item", {})
        if row and row["State"]["S"] not in ("PENDING", "PROCESSED"):
            return row
        time.sleep(0.2)
    raise AssertionError(f"{order_id} is not settled after {_ENOUGH_SECONDS} s")
