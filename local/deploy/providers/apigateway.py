"""API Gateway's HTTP APIs."""

from __future__ import annotations

from local.deploy.backend import Created
from local.deploy.fields import Fields, Params
from local.deploy.kinds import Kind, Kinds, Order

_ROUTE_SETTINGS: Fields = {
    "detailedMetricsEnabled": "DetailedMetricsEnabled",
    "throttlingBurstLimit": "ThrottlingBurstLimit",
    "throttlingRateLimit": "ThrottlingRateLimit",
}
_API: Fields = {
    "corsConfiguration": (
        "CorsConfiguration",
        {
            "allowCredentials": "AllowCredentials",
            "allowHeaders": "AllowHeaders",
            "allowMethods": "AllowMethods",
            "allowOrigins": "AllowOrigins",
            "exposeHeaders": "ExposeHeaders",
            "maxAge": "MaxAge",
        },
    ),
    "description": "Description",
    "protocolType": "ProtocolType",
    "tags": "Tags",
    "version": "Version",
}
_AUTHORIZER: Fields = {
    "apiId": "ApiId",
    "authorizerType": "AuthorizerType",
    "identitySources": "IdentitySource",
    "jwtConfiguration": ("JwtConfiguration", {"audiences": "Audience", "issuer": "Issuer"}),
    "name": "Name",
}
_INTEGRATION: Fields = {
    "apiId": "ApiId",
    "description": "Description",
    "integrationMethod": "IntegrationMethod",
    "integrationType": "IntegrationType",
    "integrationUri": "IntegrationUri",
    "payloadFormatVersion": "PayloadFormatVersion",
    "timeoutMilliseconds": "TimeoutInMillis",
}
_ROUTE: Fields = {
    "apiId": "ApiId",
    "authorizationScopes": "AuthorizationScopes",
    "authorizationType": "AuthorizationType",
    "authorizerId": "AuthorizerId",
    "operationName": "OperationName",
    "routeKey": "RouteKey",
    "target": "Target",
}
_STAGE: Fields = {
    "accessLogSettings": (
        "AccessLogSettings",
        {"destinationArn": "DestinationArn", "format": "Format"},
    ),
    "apiId": "ApiId",
    "autoDeploy": "AutoDeploy",
    "defaultRouteSettings": ("DefaultRouteSettings", _ROUTE_SETTINGS),
    "description": "Description",
    "routeSettings": ("RouteSettings", {"routeKey": "RouteKey", **_ROUTE_SETTINGS}),
    "stageVariables": "StageVariables",
    "tags": "Tags",
}


def _api(order: Order) -> Created:
    made = order.cloud.client("apigatewayv2").create_api(**order.params)
    id_ = made["ApiId"]
    outputs = {
        # The host that AWS would give an API resolves nowhere here; this path reaches the same API.
        "apiEndpoint": f"{order.cloud.endpoint}/_aws/execute-api/{id_}",
        "arn": f"arn:aws:apigateway:{order.cloud.region}::/apis/{id_}",
        "executionArn": order.arn("execute-api", id_),
    }
    return Created(id_, outputs)


def _authorizer(order: Order) -> Created:
    return Created(
        order.cloud.client("apigatewayv2").create_authorizer(**order.params)["AuthorizerId"]
    )


def _integration(order: Order) -> Created:
    client = order.cloud.client("apigatewayv2")
    return Created(client.create_integration(**order.params)["IntegrationId"])


def _route(order: Order) -> Created:
    return Created(order.cloud.client("apigatewayv2").create_route(**order.params)["RouteId"])


def routes_by_key(params: Params) -> Params:
    """The parameters of a stage, whose `RouteSettings` are a list to Pulumi and a map to AWS."""
    if "RouteSettings" not in params:
        return dict(params)
    routes = [dict(route) for route in params["RouteSettings"]]
    return {**params, "RouteSettings": {route.pop("RouteKey"): route for route in routes}}


def _stage(order: Order) -> Created:
    params = routes_by_key(order.params)
    order.cloud.client("apigatewayv2").create_stage(**params)
    api = params["ApiId"]
    outputs = {
        "arn": f"arn:aws:apigateway:{order.cloud.region}::/apis/{api}/stages/{order.name}",
        "executionArn": order.arn("execute-api", f"{api}/{order.name}"),
        "invokeUrl": f"{order.cloud.endpoint}/_aws/execute-api/{api}/",
    }
    return Created(order.name, outputs)


KINDS: Kinds = {
    "aws:apigatewayv2/api:Api": Kind(_api, _API, "Name"),
    "aws:apigatewayv2/authorizer:Authorizer": Kind(_authorizer, _AUTHORIZER),
    "aws:apigatewayv2/integration:Integration": Kind(_integration, _INTEGRATION),
    "aws:apigatewayv2/route:Route": Kind(_route, _ROUTE),
    "aws:apigatewayv2/stage:Stage": Kind(_stage, _STAGE, "StageName"),
}
