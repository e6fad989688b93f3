"""DynamoDB tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.deploy.backend import Created
from local.deploy.fields import Fields, Params, inside, tag_list
from local.deploy.kinds import Kind, Kinds, Order


def _key(role: str) -> Callable[[Any], Params]:
    return lambda name: {"KeySchema": [{"AttributeName": name, "KeyType": role}]}


def _encryption_key(arn: str) -> Params:
    return {"SSEType": "KMS", "KMSMasterKeyId": arn}


_INDEX: Fields = {
    "name": "IndexName",
    "hashKey": _key("HASH"),
    "rangeKey": _key("RANGE"),
    "keySchemas": ("KeySchema", {"attributeName": "AttributeName", "keyType": "KeyType"}),
    "projectionType": inside("Projection", "ProjectionType"),
    "nonKeyAttributes": inside("Projection", "NonKeyAttributes"),
    "readCapacity": inside("ProvisionedThroughput", "ReadCapacityUnits"),
    "writeCapacity": inside("ProvisionedThroughput", "WriteCapacityUnits"),
}
_TABLE: Fields = {
    "hashKey": _key("HASH"),
    "rangeKey": _key("RANGE"),
    "attributes": ("AttributeDefinitions", {"name": "AttributeName", "type": "AttributeType"}),
    "billingMode": "BillingMode",
    "readCapacity": inside("ProvisionedThroughput", "ReadCapacityUnits"),
    "writeCapacity": inside("ProvisionedThroughput", "WriteCapacityUnits"),
    "globalSecondaryIndexes": ("GlobalSecondaryIndexes", _INDEX),
    "streamEnabled": inside("StreamSpecification", "StreamEnabled"),
    "streamViewType": inside("StreamSpecification", "StreamViewType"),
    "serverSideEncryption": (
        "SSESpecification",
        {"enabled": "Enabled", "kmsKeyArn": _encryption_key},
    ),
    "deletionProtectionEnabled": "DeletionProtectionEnabled",
    "tableClass": "TableClass",
    "tags": tag_list(),
    "pointInTimeRecovery": (
        "PointInTimeRecoverySpecification",
        {
            "enabled": "PointInTimeRecoveryEnabled",
            "recoveryPeriodInDays": "RecoveryPeriodInDays",
        },
    ),
    "ttl": ("TimeToLiveSpecification", {"enabled": "Enabled", "attributeName": "AttributeName"}),
}


def _table(order: Order) -> Created:
    client = order.cloud.client("dynamodb")
    params = {"BillingMode": "PROVISIONED", **order.params}
    recovery = params.pop("PointInTimeRecoverySpecification", {})
    expiry = params.pop("TimeToLiveSpecification", {})
    table = client.create_table(**params)["TableDescription"]
    if recovery.get("PointInTimeRecoveryEnabled"):
        client.update_continuous_backups(
            TableName=order.name, PointInTimeRecoverySpecification=recovery
        )
    if expiry.get("Enabled"):
        client.update_time_to_live(TableName=order.name, TimeToLiveSpecification=expiry)
    return Created(
        order.name,
        {
            "arn": table["TableArn"],
            "streamArn": table.get("LatestStreamArn", ""),
            "streamLabel": table.get("LatestStreamLabel", ""),
        },
    )


KINDS: Kinds = {"aws:dynamodb/table:Table": Kind(_table, _TABLE, "TableName")}
