"""HTTP APIs made for one test, called over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.emulator.bench import Bench

Answer = tuple[int, bytes]


@dataclass(frozen=True)
class HttpApi:
    """An HTTP API all of whose routes one function answers; `base` is what its paths follow."""

    bench: Bench
    id: str
    function: str
    integration: str
    base: str

    @property
    def url(self) -> str:
        return self.bench.cloud.endpoint + self.base

    def route(self, key: str, **fields: Any) -> None:
        """Add a route, `POST /orders`."""
        target = f"integrations/{self.integration}"
        gateway = self.bench.cloud.client("apigatewayv2")
        gateway.create_route(ApiId=self.id, RouteKey=key, Target=target, **fields)

    def let_in(self, routes: str) -> None:
        """Let these routes, `*/POST/orders`, invoke the function."""
        self.bench.cloud.client("lambda").add_permission(
            FunctionName=self.function,
            StatementId=self.bench.name("api"),
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:us-east-1:000000000000:{self.id}/{routes}",
        )

    def call(
        self,
        path: str = "/orders",
        body: bytes | None = b"{}",
        method: str = "POST",
        **headers: str,
    ) -> Answer:
        """The status and body of an answer."""
        status, _, content = self.answer(path, body, method, **headers)
        return status, content

    def told(self, path: str = "/orders", **request: Any) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        status, body = self.call(path, **request)
        return status, json.loads(body)

    def answer(
        self, path: str, body: bytes | None, method: str, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """The status, headers (names in lower case) and body of an answer."""
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as answer:
                return answer.status, _lowered(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _lowered(error.headers), error.read()


def _lowered(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def closed_api(bench: Bench, source: str, routes: Sequence[str], **fields: Any) -> HttpApi:
    """An API whose function lets no route in yet.

    The stage's `fields` end the arguments; `Timeout` is the function's, `CorsConfiguration` the
    API's.
    """
    gateway = bench.cloud.client("apigatewayv2")
    function = bench.function(source, Timeout=fields.pop("Timeout", 10))
    cors = fields.pop("CorsConfiguration", None)
    api = gateway.create_api(
        Name=bench.name("api"),
        ProtocolType="HTTP",
        **({"CorsConfiguration": cors} if cors else {}),
    )["ApiId"]
    integration = gateway.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=function,
        PayloadFormatVersion="2.0",
    )["IntegrationId"]
    made = HttpApi(bench, api, function, integration, f"/_aws/execute-api/{api}")
    for key in routes:
        made.route(key)
    gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True, **fields)
    return made


def open_api(bench: Bench, source: str, routes: Sequence[str], **fields: Any) -> HttpApi:
    """An API whose every route may invoke the function."""
    api = closed_api(bench, source, routes, **fields)
    api.let_in("*/*")
    return api
