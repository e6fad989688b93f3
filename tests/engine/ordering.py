"""An order that a customer places with a stack, and what is left of a stack at the end."""

import json
import time
from collections.abc import Iterator, Mapping
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


def empty(cloud: Cloud, bucket: str) -> int:
    """Empties a bucket, versions and all, as whoever destroys a stack must; how many there were."""
    client = cloud.client("s3")
    found = client.list_object_versions(Bucket=bucket)
    entries = [*found.get("Versions", []), *found.get("DeleteMarkers", [])]
    for entry in entries:
        client.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])
    return len(entries)


_LISTS: list[tuple[str, str, str]] = [
    ("apigatewayv2", "get_apis", "Items"),
    ("cloudwatch", "describe_alarms", "MetricAlarms"),
    ("cloudwatch", "list_dashboards", "DashboardEntries"),
    ("dynamodb", "list_tables", "TableNames"),
    ("events", "list_event_buses", "EventBuses"),
    ("events", "list_rules", "Rules"),
    ("iam", "list_roles", "Roles"),
    ("kms", "list_aliases", "Aliases"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings"),
    ("lambda", "list_functions", "Functions"),
    ("lambda", "list_layers", "Layers"),
    ("logs", "describe_log_groups", "logGroups"),
    ("s3", "list_buckets", "Buckets"),
    ("scheduler", "list_schedules", "Schedules"),
    ("secretsmanager", "list_secrets", "SecretList"),
    ("sesv2", "list_email_identities", "EmailIdentities"),
    ("sns", "list_subscriptions", "Subscriptions"),
    ("sns", "list_topics", "Topics"),
    ("sqs", "list_queues", "QueueUrls"),
    ("stepfunctions", "list_state_machines", "stateMachines"),
]
_EVERY_ACCOUNTS = ("default", "alias/aws/")
"""What is there without a stack: the default bus, and the aliases of AWS's own keys."""


def left(cloud: Cloud) -> Iterator[str]:
    """Yields what a cloud holds, by the services' own lists, without what every account has."""
    for service, operation, field in _LISTS:
        for entry in getattr(cloud.client(service), operation)().get(field, []):
            text = json.dumps(entry, default=str)
            if not any(f'"{name}' in text for name in _EVERY_ACCOUNTS):
                yield f"{service} {text}"
    kms = cloud.client("kms")
    for key in kms.list_keys()["Keys"]:
        known = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if known["KeyState"] != "PendingDeletion" and known["KeyManager"] == "CUSTOMER":
            yield f"kms {key['KeyId']}"
