"""EventBridge buses, rules, targets and archives."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, again, answers, call
from local.deploy.providers.events import KINDS

_ARCHIVE = "aws:cloudwatch/eventArchive:EventArchive"
_BUS = "aws:cloudwatch/eventBus:EventBus"
_BUS_POLICY = "aws:cloudwatch/eventBusPolicy:EventBusPolicy"
_RULE = "aws:cloudwatch/eventRule:EventRule"
_TARGET = "aws:cloudwatch/eventTarget:EventTarget"


def _bus(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    params = {key: value for key, value in order.params.items() if key != "Tags"}
    existing.client("events").update_event_bus(**params)
    return {}


def _archive(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    params = {key: value for key, value in order.params.items() if key != "EventSourceArn"}
    existing.client("events").update_archive(**params)
    return {}


def _rule_of(existing: Existing) -> dict[str, Any]:
    params = existing.order.params
    return {key: params[key] for key in ("Rule", "EventBusName") if key in params}


def _targets(existing: Existing) -> list[str]:
    found = existing.client("events").list_targets_by_rule(**_rule_of(existing))["Targets"]
    return [target["Id"] for target in found if target["Id"] == existing.order.name]


def _remove_target(existing: Existing) -> None:
    existing.client("events").remove_targets(**_rule_of(existing), Ids=[existing.order.name])


def _bus_policies(existing: Existing) -> Any:
    return existing.client("events").describe_event_bus(Name=existing.id).get("Policy")


def _remove_policies(existing: Existing) -> None:
    bus = existing.id
    existing.client("events").remove_permission(EventBusName=bus, RemoveAllPermissions=True)


LIFECYCLES: Lifecycles = {
    _ARCHIVE: Lifecycle(
        answers(call("events", "describe_archive", by="ArchiveName")),
        call("events", "delete_archive", by="ArchiveName"),
        _archive,
        frozenset({"eventSourceArn"}),
    ),
    _BUS: Lifecycle(
        answers(call("events", "describe_event_bus", by="Name")),
        call("events", "delete_event_bus", by="Name"),
        _bus,
    ),
    _BUS_POLICY: Lifecycle(
        answers(_bus_policies),
        _remove_policies,
        again(KINDS[_BUS_POLICY]),
        frozenset({"eventBusName"}),
    ),
    _RULE: Lifecycle(
        answers(call("events", "describe_rule", "Name", "EventBusName")),
        call("events", "delete_rule", "Name", "EventBusName"),
        again(KINDS[_RULE]),
        frozenset({"eventBusName"}),
    ),
    _TARGET: Lifecycle(
        answers(_targets),
        _remove_target,
        again(KINDS[_TARGET]),
        frozenset({"eventBusName", "rule"}),
    ),
}
