"""An HTTP API in front of functions."""

import json
import re
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.function import PythonFunction
from components.aws.logs import log_group

_ACCESS = {
    "requestId": "$context.requestId",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "error": "$context.integrationErrorMessage",
    "latency": "$context.responseLatency",
}
"""What is logged of a request: nothing of its body, headers or caller."""


class TokenIssuer(TypedDict):
    """Whose tokens (JWT, RFC 7519) are accepted: `issuer` is their `iss`, `audience` their `aud`.

    API Gateway reads the issuer's keys from its OpenID Connect discovery document.
    """

    issuer: str
    audience: str


class HttpApiArgs(TypedDict):
    """`tokens` names who issues callers' tokens; without it callers sign requests with AWS IAM.

    `rate` and `burst` bound the requests of all callers together, in requests a second; `origins`
    are the web origins whose pages may call, none by default.
    """

    tokens: NotRequired[TokenIssuer | None]
    rate: NotRequired[float]
    burst: NotRequired[int]
    origins: NotRequired[Sequence[str]]
    log_retention_days: NotRequired[pulumi.Input[int]]


class HttpApi(pulumi.ComponentResource):
    """An HTTP API, deployed as it changes, throttled, with an access log.

    It exists before its routes do, so that a function may know its URL.
    """

    id: pulumi.Output[str]
    url: pulumi.Output[str]

    def __init__(
        self, name: str, args: HttpApiArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aws-blocks:index:HttpApi", name, None, opts)
        self._name = name
        self._child = pulumi.ResourceOptions(parent=self)
        self._api = aws.apigatewayv2.Api(
            name, protocol_type="HTTP", cors_configuration=_cors(args), opts=self._child
        )
        self._authorization = self._authorizer(args)
        self._stage(args)
        self.id = self._api.id
        self.url = self._api.api_endpoint
        self.register_outputs({"url": self.url})

    def route(self, key: str, function: PythonFunction, *, public: bool = False) -> None:
        """Answer `key`, such as `GET /orders/{orderId}`, by a function.

        Args:
            key: the method and the path.
            function: which may then be invoked by this route only.
            public: whether anyone may call; the function then authenticates callers itself.
        """
        method, path = key.split(" ")
        name = f"{self._name}-{method.lower()}{re.sub(r'[^A-Za-z0-9]+', '-', path)}".rstrip("-")
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
            **({"authorization_type": "NONE"} if public else self._authorization),
        )
        called = re.sub(r"\{[^}]*\}", "*", path)
        aws.lambda_.Permission(
            name,
            action="lambda:InvokeFunction",
            function=function.name,
            principal="apigateway.amazonaws.com",
            source_arn=pulumi.Output.concat(self._api.execution_arn, "/*/", method, called),
            opts=self._child,
        )

    def _authorizer(self, args: HttpApiArgs) -> dict[str, Any]:
        tokens = args.get("tokens")
        if tokens is None:
            return {"authorization_type": "AWS_IAM"}
        authorizer = aws.apigatewayv2.Authorizer(
            self._name,
            api_id=self._api.id,
            authorizer_type="JWT",
            identity_sources=["$request.header.Authorization"],
            jwt_configuration={
                "issuer": tokens["issuer"],
                "audiences": [tokens["audience"]],
            },
            opts=self._child,
        )
        return {"authorization_type": "JWT", "authorizer_id": authorizer.id}

    def _stage(self, args: HttpApiArgs) -> None:
        retention = args.get("log_retention_days", 30)
        logs = log_group(self._name, "/aws/vendedlogs/apis", retention, self)
        aws.apigatewayv2.Stage(
            self._name,
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


def _cors(args: HttpApiArgs) -> aws.apigatewayv2.ApiCorsConfigurationArgs | None:
    if not args.get("origins"):
        return None
    return aws.apigatewayv2.ApiCorsConfigurationArgs(
        allow_origins=list(args["origins"]),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "idempotency-key"],
        expose_headers=["location"],
        max_age=600,
    )
