"""CloudWatch log groups."""

from __future__ import annotations

from local.deploy.backend import Created
from local.deploy.fields import Fields
from local.deploy.kinds import Kind, Kinds, Order

_LOG_GROUP: Fields = {
    "kmsKeyId": "kmsKeyId",
    "logGroupClass": "logGroupClass",
    "retentionInDays": "retentionInDays",
    "tags": "tags",
}


def _log_group(order: Order) -> Created:
    client = order.cloud.client("logs")
    params = dict(order.params)
    days = params.pop("retentionInDays", 0)
    client.create_log_group(**params)
    if days:
        client.put_retention_policy(logGroupName=order.name, retentionInDays=days)
    return Created(order.name, {"arn": order.arn("logs", f"log-group:{order.name}")})


KINDS: Kinds = {"aws:cloudwatch/logGroup:LogGroup": Kind(_log_group, _LOG_GROUP, "logGroupName")}
