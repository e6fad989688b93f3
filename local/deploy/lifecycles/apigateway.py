"""API Gateway's HTTP APIs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, Update, answers, call
from local.deploy.providers.apigateway import routes_by_key

_V2 = "apigatewayv2"
_API = frozenset({"apiId"})


def _api(existing: Existing, order: Order, changed: Collection[str]) -> dict[str, Any]:
    client = existing.client(_V2)
    params = {"Description": "", "Version": "", **order.params}
    for fixed in ("ProtocolType", "Tags"):
        params.pop(fixed, None)
    if "corsConfiguration" in changed and "CorsConfiguration" not in params:
        client.delete_cors_configuration(ApiId=existing.id)
    client.update_api(ApiId=existing.id, **params)
    return {}


def _by_id(operation: str, name: str) -> Update:
    """An update by the parameters of the creation and the id."""

    def update(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
        getattr(existing.client(_V2), operation)(**order.params, **{name: existing.id})
        return {}

    return update


def _stage(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    params = routes_by_key(order.params)
    params.pop("Tags", None)
    existing.client(_V2).update_stage(**params)
    return {}


def _part(name: str, id_: str, *replaces: str) -> Lifecycle:
    """A part of an API that has an id of its own."""
    return Lifecycle(
        answers(call(_V2, f"get_{name}", "ApiId", by=id_)),
        call(_V2, f"delete_{name}", "ApiId", by=id_),
        _by_id(f"update_{name}", id_),
        _API | set(replaces),
        overwrites=False,
    )


LIFECYCLES: Lifecycles = {
    "aws:apigatewayv2/api:Api": Lifecycle(
        answers(call(_V2, "get_api", by="ApiId")),
        call(_V2, "delete_api", by="ApiId"),
        _api,
        frozenset({"protocolType"}),
    ),
    "aws:apigatewayv2/authorizer:Authorizer": _part("authorizer", "AuthorizerId"),
    "aws:apigatewayv2/integration:Integration": _part(
        "integration", "IntegrationId", "integrationType"
    ),
    "aws:apigatewayv2/route:Route": _part("route", "RouteId"),
    "aws:apigatewayv2/stage:Stage": Lifecycle(
        answers(call(_V2, "get_stage", "ApiId", by="StageName")),
        call(_V2, "delete_stage", "ApiId", by="StageName"),
        _stage,
        _API,
        overwrites=False,
    ),
}
