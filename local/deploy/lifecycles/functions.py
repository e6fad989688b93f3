"""Lambda functions, layers and what is attached to them."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, again, answers, call
from local.deploy.providers.functions import KINDS, UNRESERVED, function_outputs

_ASYNC_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
_FIXED = ("Architectures", "Code", "PackageType", "Publish", "ReservedConcurrentExecutions", "Tags")
_CODE = {"architectures", "code"}
_SEPARATE = {*_CODE, "publish", "reservedConcurrentExecutions"}
# Lambda's own, where a property is not given any more (API Reference, CreateFunction).
_DEFAULTS: dict[str, Any] = {
    "DeadLetterConfig": {"TargetArn": ""},
    "Description": "",
    "Environment": {"Variables": {}},
    "Layers": [],
    "MemorySize": 128,
    "Timeout": 3,
}


def _function(existing: Existing, order: Order, changed: Collection[str]) -> dict[str, Any]:
    client, name = existing.client("lambda"), {"FunctionName": existing.id}
    if _CODE.intersection(changed):
        machine = {key: order.params[key] for key in ("Architectures",) if key in order.params}
        client.update_function_code(**name, **order.params["Code"], **machine)
    if set(changed) - _SEPARATE:
        params = {key: value for key, value in order.params.items() if key not in _FIXED}
        client.update_function_configuration(**(_DEFAULTS | params))
    if "reservedConcurrentExecutions" in changed:
        _reserve(client, name, order.params.get("ReservedConcurrentExecutions", UNRESERVED))
    if order.params.get("Publish"):
        return function_outputs(order, client.publish_version(**name))
    return function_outputs(order, client.get_function_configuration(**name))


def _reserve(client: Any, name: dict[str, str], number: int) -> None:
    if number == UNRESERVED:
        client.delete_function_concurrency(**name)
    else:
        client.put_function_concurrency(**name, ReservedConcurrentExecutions=number)


def _alias(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    existing.client("lambda").update_alias(**({"Description": ""} | order.params))
    return {}


def _layer(existing: Existing) -> dict[str, Any]:
    number = existing.id.rpartition(":")[2]
    return {"LayerName": existing.order.params["LayerName"], "VersionNumber": int(number)}


def _statements(existing: Existing) -> list[str]:
    name = existing.order.params["FunctionName"]
    policy = existing.client("lambda").get_policy(FunctionName=name)["Policy"]
    sids = [statement["Sid"] for statement in json.loads(policy)["Statement"]]
    return [sid for sid in sids if sid == existing.id]


LIFECYCLES: Lifecycles = {
    "aws:lambda/alias:Alias": Lifecycle(
        answers(call("lambda", "get_alias", "FunctionName", "Name")),
        call("lambda", "delete_alias", "FunctionName", "Name"),
        _alias,
        frozenset({"functionName"}),
    ),
    "aws:lambda/function:Function": Lifecycle(
        answers(call("lambda", "get_function", by="FunctionName")),
        call("lambda", "delete_function", by="FunctionName"),
        _function,
        frozenset({"packageType"}),
    ),
    _ASYNC_CONFIG: Lifecycle(
        answers(call("lambda", "get_function_event_invoke_config", "FunctionName", "Qualifier")),
        call("lambda", "delete_function_event_invoke_config", "FunctionName", "Qualifier"),
        again(KINDS[_ASYNC_CONFIG]),
        frozenset({"functionName", "qualifier"}),
    ),
    "aws:lambda/layerVersion:LayerVersion": Lifecycle(
        answers(lambda existing: existing.client("lambda").get_layer_version(**_layer(existing))),
        lambda existing: existing.client("lambda").delete_layer_version(**_layer(existing)),
    ),
    "aws:lambda/permission:Permission": Lifecycle(
        answers(_statements),
        call("lambda", "remove_permission", "FunctionName", "Qualifier", by="StatementId"),
    ),
}
