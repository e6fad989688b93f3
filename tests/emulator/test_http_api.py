"""HTTP APIs behave as AWS's; each test marked so is the contract of one mend."""

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from local.emulator.http_api import LARGEST_BODY
from tests.emulator.bench import Bench
from tests.emulator.contracts import contract

Answer = tuple[int, bytes]

_ECHO = "def handler(event, context): return event\n"
_ANSWER = "def handler(event, context): return {'statusCode': 201, 'body': 'made'}\n"
_FAILED = (500, {"message": "Internal Server Error"})


@dataclass(frozen=True)
class _Api:
    """An HTTP API whose one route, `POST /orders`, a function answers."""

    bench: Bench
    id: str
    function: str

    def call(self, path: str = "/orders", body: bytes = b"{}", **headers: str) -> Answer:
        url = f"{self.bench.cloud.endpoint}/_aws/execute-api/{self.id}{path}"
        request = urllib.request.Request(url, body, headers, method="POST")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def told(self, **request: Any) -> tuple[int, Any]:
        status, body = self.call(**request)
        return status, json.loads(body)

    def let_in(self, routes: str) -> None:
        self.bench.cloud.client("lambda").add_permission(
            FunctionName=self.function,
            StatementId=self.bench.name("api"),
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:us-east-1:000000000000:{self.id}/{routes}",
        )


def _closed_api(bench: Bench, source: str, **stage: Any) -> _Api:
    gateway, function = bench.cloud.client("apigatewayv2"), bench.function(source)
    api = gateway.create_api(Name=bench.name("api"), ProtocolType="HTTP")["ApiId"]
    integration = gateway.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=function,
        PayloadFormatVersion="2.0",
    )["IntegrationId"]
    gateway.create_route(ApiId=api, RouteKey="POST /orders", Target=f"integrations/{integration}")
    gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True, **stage)
    return _Api(bench, api, function)


def _api(bench: Bench, source: str, **stage: Any) -> _Api:
    api = _closed_api(bench, source, **stage)
    api.let_in("*/*/orders")
    return api


@contract("http_api_failures")
def test_an_error_of_the_function_is_not_told(bench: Bench) -> None:
    api = _api(bench, "def handler(event, context): raise ValueError('secret')\n")
    assert api.told() == _FAILED


@contract("http_api_failures")
def test_an_answer_that_is_no_response_is_a_failure(bench: Bench) -> None:
    api = _api(
        bench, "import json\ndef handler(event, context): return json.loads(event['body'])\n"
    )
    json_body = {"Content-Type": "application/json"}
    for malformed in (
        {"statusCode": "fine"},
        {"statusCode": 20},
        {"statusCode": True},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "isBase64Encoded": "yes", "body": ""},
        {"statusCode": 200, "headers": ["none"]},
    ):
        told = api.told(body=json.dumps(malformed).encode(), **json_body)
        assert told == _FAILED, malformed
    assert api.told(body=b'{"statusCode": "202", "body": "{}"}', **json_body) == (202, {})
    assert api.told(body=b'{"no": "status"}', **json_body) == (200, {"no": "status"})


@contract("http_api_permissions")
def test_an_api_invokes_a_function_only_with_a_permission_for_the_route(bench: Bench) -> None:
    api = _closed_api(bench, _ANSWER)
    assert api.told() == _FAILED
    api.let_in("*/GET/orders")
    assert api.told() == _FAILED
    api.let_in("$default/POST/orders")
    assert api.call() == (201, b"made")


@contract("http_api_limits")
def test_requests_above_the_stages_limit_are_refused(bench: Bench) -> None:
    limits = {"ThrottlingBurstLimit": 2, "ThrottlingRateLimit": 0.001}
    api = _api(bench, _ANSWER, DefaultRouteSettings=limits)
    assert [api.call()[0] for _ in range(2)] == [201, 201]
    assert api.told() == (429, {"message": "Too Many Requests"})
    assert api.told(path="/elsewhere")[0] == 404


@contract("http_api_limits")
def test_a_body_above_ten_megabytes_is_refused(bench: Bench) -> None:
    api = _api(bench, _ANSWER)
    too_large = b"x" * (LARGEST_BODY + 1)
    assert api.told(body=too_large) == (413, {"message": "Request Entity Too Large"})


@contract("http_api_events")
def test_a_function_gets_the_request_in_format_2(bench: Bench) -> None:
    api = _api(bench, _ECHO)
    _, event = api.told(
        path="/orders?a=1&a=2",
        body='{"n": "ü"}'.encode(),
        **{"Content-Type": "application/json", "X-Mixed-Case": "kept"},
    )
    assert (event["version"], event["routeKey"]) == ("2.0", "POST /orders")
    assert (event["rawPath"], event["rawQueryString"]) == ("/orders", "a=1&a=2")
    assert event["queryStringParameters"] == {"a": "1,2"}
    assert (event["body"], event["isBase64Encoded"]) == ('{"n": "ü"}', False)
    assert event["headers"]["x-mixed-case"] == "kept"
    assert "pathParameters" not in event
    context = event["requestContext"]
    assert (context["http"]["method"], context["stage"]) == ("POST", "$default")


def test_a_body_that_is_no_text_comes_as_base64(bench: Bench) -> None:
    _, event = _api(bench, _ECHO).told(body=b"\xff{}")
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == b"\xff{}"


def test_an_answer_may_be_base64(bench: Bench) -> None:
    source = "def handler(event, context): return dict(statusCode=200, body='/w==', "
    api = _api(bench, source + "isBase64Encoded=True)\n")
    assert api.call() == (200, b"\xff")
