"""An HTTP API in front of functions."""

import json
from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.function import PythonFunction
from components.logs import log_group

_ACCESS = {
    "requestId": "$context.requestId",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "error": "$context.integrationErrorMessage",
    "latency": "$context.responseLatency",
}
"""What is logged of a request: nothing of its body, headers or caller."""


class HttpApiArgs(TypedDict):
    """`routes` are functions by route key, such as `POST /callbacks/payment`.

    `rate` and `burst` bound the requests of all callers together, in requests a second.
    """

    routes: Mapping[str, PythonFunction]
    rate: NotRequired[float]
    burst: NotRequired[int]
    log_retention_days: NotRequired[pulumi.Input[int]]


class HttpApi(pulumi.ComponentResource):
    """An HTTP API, deployed as it changes, throttled, with an access log."""

    url: pulumi.Output[str]

    def __init__(
        self, name: str, args: HttpApiArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:HttpApi", name, None, opts)
        self._name = name
        self._child = pulumi.ResourceOptions(parent=self)
        self._api = aws.apigatewayv2.Api(name, protocol_type="HTTP", opts=self._child)
        for key, function in args["routes"].items():
            self._route(key, function)
        logs = log_group(name, "/aws/vendedlogs/apis", args.get("log_retention_days", 30), self)
        aws.apigatewayv2.Stage(
            name,
            api_id=self._api.id,
            name="$default",
            auto_deploy=True,
            access_log_settings={
                "destination_arn": logs.arn,
                "format": json.dumps(_ACCESS, sort_keys=True),
            },
            default_route_settings={
                "throttling_rate_limit": args.get("rate", 50.0),
                "throttling_burst_limit": args.get("burst", 100),
            },
            opts=self._child,
        )
        self.url = self._api.api_endpoint
        self.register_outputs({"url": self.url})

    def _route(self, key: str, function: PythonFunction) -> None:
        """The route, its integration, and the permission to invoke for this route only."""
        method, path = key.split(" ")
        name = f"{self._name}{path.replace('/', '-')}"
        integration = aws.apigatewayv2.Integration(
            name,
            api_id=self._api.id,
            integration_type="AWS_PROXY",
            integration_uri=function.invoke_arn,
            payload_format_version="2.0",
            opts=self._child,
        )
        aws.apigatewayv2.Route(
            name,
            api_id=self._api.id,
            route_key=key,
            target=pulumi.Output.concat("integrations/", integration.id),
            opts=self._child,
        )
        aws.lambda_.Permission(
            name,
            action="lambda:InvokeFunction",
            function=function.name,
            principal="apigateway.amazonaws.com",
            source_arn=pulumi.Output.concat(self._api.execution_arn, "/*/", method, path),
            opts=self._child,
        )
