"""DynamoDB tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, answers, call

_CAPACITY = {"billingMode", "readCapacity", "writeCapacity"}
_STREAM = {"streamEnabled", "streamViewType"}


def _table(existing: Existing, order: Order, changed: Collection[str]) -> dict[str, Any]:
    client, name = existing.client("dynamodb"), {"TableName": existing.id}
    for change in _changes(existing.order.params, order.params, changed):
        client.update_table(**name, **change)
    if "pointInTimeRecovery" in changed:
        off = {"PointInTimeRecoveryEnabled": False}
        recovery = order.params.get("PointInTimeRecoverySpecification", off)
        client.update_continuous_backups(**name, PointInTimeRecoverySpecification=recovery)
    if "ttl" in changed:
        off = {**existing.order.params.get("TimeToLiveSpecification", {}), "Enabled": False}
        expiry = order.params.get("TimeToLiveSpecification", off)
        client.update_time_to_live(**name, TimeToLiveSpecification=expiry)
    table = client.describe_table(**name)["Table"]
    return {
        "streamArn": table.get("LatestStreamArn", ""),
        "streamLabel": table.get("LatestStreamLabel", ""),
    }


def _changes(
    old: dict[str, Any], new: dict[str, Any], changed: Collection[str]
) -> Iterator[dict[str, Any]]:
    """Yields what UpdateTable is to be called with, which takes one kind of change at a time."""
    if "deletionProtectionEnabled" in changed:
        yield {"DeletionProtectionEnabled": new.get("DeletionProtectionEnabled", False)}
    if _CAPACITY.intersection(changed):
        names = ("BillingMode", "ProvisionedThroughput")
        yield {"BillingMode": "PROVISIONED"} | {name: new[name] for name in names if name in new}
    if _STREAM.intersection(changed):
        yield {"StreamSpecification": new.get("StreamSpecification", {"StreamEnabled": False})}
    if "globalSecondaryIndexes" in changed:
        yield from _index_changes(old, new)


def _index_changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields one change an index: DynamoDB makes or drops one at a time, and changes none."""
    before = {each["IndexName"]: each for each in old.get("GlobalSecondaryIndexes", [])}
    after = {each["IndexName"]: each for each in new.get("GlobalSecondaryIndexes", [])}
    attributes = {"AttributeDefinitions": new["AttributeDefinitions"]}
    for name in before:
        if before[name] != after.get(name):
            yield {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": name}}]}
    for name in after:
        if after[name] != before.get(name):
            yield attributes | {"GlobalSecondaryIndexUpdates": [{"Create": after[name]}]}


LIFECYCLES: Lifecycles = {
    "aws:dynamodb/table:Table": Lifecycle(
        answers(call("dynamodb", "describe_table", by="TableName")),
        call("dynamodb", "delete_table", by="TableName"),
        _table,
        frozenset({"hashKey", "rangeKey"}),
    )
}
