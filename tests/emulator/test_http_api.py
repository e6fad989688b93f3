"""HTTP APIs behave as AWS's; each test marked so is the contract of one mend."""

import base64
import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from local.emulator.crowds import SERVED
from local.emulator.http_api import LARGEST_BODY
from tests.emulator.apis import HttpApi, closed_api, open_api
from tests.emulator.bench import Bench, until
from tests.emulator.contracts import contract

_ECHO = "def handler(event, context): return event\n"
_ANSWER = "def handler(event, context): return {'statusCode': 201, 'body': 'made'}\n"
_FAILED = (500, {"message": "Internal Server Error"})


_ROUTE = ["POST /orders"]


def _api(bench: Bench, source: str, **stage: Any) -> HttpApi:
    return open_api(bench, source, _ROUTE, **stage)


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


@dataclass
class _Crowd:
    """Callers of an API, each of whom waits in a function until `gate` is opened."""

    bench: Bench
    folder: Path
    pool: ThreadPoolExecutor

    @property
    def gate(self) -> Path:
        return self.folder / "gate"

    def come(self, callers: int) -> "list[Future[tuple[int, bytes]]]":
        """So many more, no more than one function has environments; returns once all wait."""
        there = len(self._waiting()) + callers
        source = f"""
            import os, pathlib, time
            folder = pathlib.Path({str(self.folder)!r})
            def handler(event, context):
                (folder / f"waiting-{{context.aws_request_id}}").touch()
                while not (folder / "gate").exists():
                    time.sleep(0.01)
                return {{"statusCode": 201, "body": "made"}}
            """
        api = _api(self.bench, source, Timeout=60)
        calls = [self.pool.submit(api.call) for _ in range(callers)]
        until(lambda: len(self._waiting()) == there)
        return calls

    def _waiting(self) -> list[Path]:
        return list(self.folder.glob("waiting-*"))


@contextmanager
def _crowd(bench: Bench) -> Iterator[_Crowd]:
    with TemporaryDirectory() as folder, ThreadPoolExecutor(SERVED + 1) as pool:
        crowd = _Crowd(bench, Path(folder), pool)
        try:
            yield crowd
        finally:
            crowd.gate.touch()  # or a failed test would wait for its callers


def _forwarding(bench: Bench) -> tuple[str, str]:
    """The URLs of a queue, and of another to which a function sends whatever comes there."""
    url, arn = bench.queue()
    forwarded_url, forwarded = bench.queue(VisibilityTimeout="600")  # what was read stays read
    source = """
        import boto3, os
        def handler(event, context):
            for record in event["Records"]:
                boto3.client("sqs").send_message(
                    QueueUrl=os.environ["TO"], MessageBody=record["body"]
                )
        """
    reads = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    grants = [*((f"sqs:{read}", arn) for read in reads), ("sqs:SendMessage", forwarded)]
    function = bench.function(source, *grants, Environment={"Variables": {"TO": forwarded_url}})
    bench.cloud.client("lambda").create_event_source_mapping(
        EventSourceArn=arn, FunctionName=function
    )
    return url, forwarded_url


@contract("callers_first")
def test_a_queues_function_waits_while_more_callers_do_than_are_served(bench: Bench) -> None:
    url, forwarded = _forwarding(bench)
    send = partial(bench.cloud.client("sqs").send_message, QueueUrl=url)
    with _crowd(bench) as crowd:
        calls = crowd.come(SERVED)
        sent = time.monotonic()
        send(MessageBody="beside a few")
        assert bench.received(forwarded) == ["beside a few"]
        usual_seconds = time.monotonic() - sent  # and more, since the function was cold
        calls += crowd.come(1)
        send(MessageBody="beside a crowd")
        assert bench.received(forwarded, seconds=max(1.0, 2 * usual_seconds)) == []
        crowd.gate.touch()
        assert bench.received(forwarded) == ["beside a crowd"]
        assert [call.result() for call in calls] == [(201, b"made")] * (SERVED + 1)


@contract("http_api_permissions")
def test_an_api_invokes_a_function_only_with_a_permission_for_the_route(bench: Bench) -> None:
    api = closed_api(bench, _ANSWER, _ROUTE)
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


@contract("http_api_limits")
def test_a_route_may_have_a_limit_of_its_own(bench: Bench) -> None:
    limit = {"ThrottlingBurstLimit": 1, "ThrottlingRateLimit": 0.001}
    routes = ["POST /orders", "POST /callbacks"]
    api = open_api(bench, _ANSWER, routes, RouteSettings={"POST /orders": limit})
    assert [api.call()[0] for _ in range(2)] == [201, 429]
    assert [api.call("/callbacks")[0] for _ in range(2)] == [201, 201]


def test_a_route_may_have_parameters_in_its_path(bench: Bench) -> None:
    routes = ["GET /orders/{orderId}", "GET /orders/latest", "GET /customers/{customerId}/orders"]
    api = open_api(bench, _ECHO, routes)
    _, event = api.told("/orders/o-1", body=None, method="GET")
    assert event["routeKey"] == "GET /orders/{orderId}"
    assert event["pathParameters"] == {"orderId": "o-1"}
    assert event["rawPath"] == "/orders/o-1"
    _, event = api.told("/customers/c%201/orders?limit=3", body=None, method="GET")
    assert event["pathParameters"] == {"customerId": "c 1"}
    assert event["queryStringParameters"] == {"limit": "3"}
    _, event = api.told("/orders/latest", body=None, method="GET")
    assert (event["routeKey"], event.get("pathParameters")) == ("GET /orders/latest", None)
    for path, method in (("/orders/", "GET"), ("/orders/1/2", "GET"), ("/orders/1", "DELETE")):
        assert api.told(path, method=method) == (404, {"message": "Not Found"})


def test_a_permission_may_be_for_one_route_with_parameters(bench: Bench) -> None:
    api = closed_api(bench, _ANSWER, ["GET /orders/{orderId}", "POST /orders/{orderId}/cancel"])
    api.let_in("*/GET/orders/{orderId}")
    assert api.call("/orders/1", body=None, method="GET") == (201, b"made")
    assert api.told("/orders/1/cancel") == _FAILED


def test_only_the_named_origins_are_let_in_by_a_browser(bench: Bench) -> None:
    shop, elsewhere = "https://shop.example.com", "https://elsewhere.example.com"
    cors = {"AllowOrigins": [shop], "AllowMethods": ["POST"], "AllowHeaders": ["content-type"]}
    api = open_api(bench, _ANSWER, _ROUTE, CorsConfiguration={**cors, "MaxAge": 300})
    asked = {"Access-Control-Request-Method": "POST"}
    status, headers, _ = api.answer("/orders", None, "OPTIONS", Origin=shop, **asked)
    assert status == 204
    assert headers["access-control-allow-origin"] == shop
    assert headers["access-control-allow-methods"] == "POST"
    assert headers["access-control-allow-headers"] == "content-type"
    assert headers["access-control-max-age"] == "300"
    _, headers, _ = api.answer("/orders", b"{}", "POST", Origin=shop)
    assert headers["access-control-allow-origin"] == shop
    for method, more in (("POST", {}), ("OPTIONS", asked)):
        _, headers, _ = api.answer("/orders", b"{}", method, Origin=elsewhere, **more)
        assert "access-control-allow-origin" not in headers


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
