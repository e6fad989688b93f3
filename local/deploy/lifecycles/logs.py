"""CloudWatch log groups."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, answers, call


def _log_group(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    client, name = existing.client("logs"), {"logGroupName": existing.id}
    if days := order.params.get("retentionInDays", 0):
        client.put_retention_policy(**name, retentionInDays=days)
    else:
        client.delete_retention_policy(**name)
    return {}


def _groups(existing: Existing) -> list[str]:
    found = existing.client("logs").describe_log_groups(logGroupNamePrefix=existing.id)["logGroups"]
    return [group["logGroupName"] for group in found if group["logGroupName"] == existing.id]


LIFECYCLES: Lifecycles = {
    "aws:cloudwatch/logGroup:LogGroup": Lifecycle(
        answers(_groups),
        call("logs", "delete_log_group", by="logGroupName"),
        _log_group,
        frozenset({"logGroupClass"}),
    )
}
