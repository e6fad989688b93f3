"""Only its owner drives a cloud: what it answers to hostile requests, sent by plain HTTP."""

import http.client
import json
from typing import Any, NamedTuple

import pytest

from local.cloud import Cloud
from local.emulator.settings import ROOT_KEY
from tests.emulator.apis import HttpApi, open_api
from tests.emulator.bench import Bench
from tests.emulator.contracts import contract

_NO_CREDENTIALS = (
    b"issing Authentication Token",
    b"MissingAuthenticationToken",
    b"AccessDenied",
    b"UnrecognizedClientException",
)
SHOP, ELSEWHERE = "https://shop.example.com", "https://elsewhere.example.com"
_PAGE: dict[str, Any] = {"Origin": ELSEWHERE}
_SIMPLE: dict[str, Any] = {
    "Content-Type": "text/plain"
}  # what a page may send without asking first
_SIGNED = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={ROOT_KEY}%2F20260101%2Fus-east-1%2F"
"""The start of a signature in a URL, which needs no header; the root user's is taken unchecked."""


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def send(cloud: Cloud, method: str, path: str, body: bytes = b"", **headers: Any) -> Answer:
    """The answer to a request with just these headers; `Host` is right unless given."""
    port = _port(cloud)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Host": f"127.0.0.1:{port}", **sent}.items():
        if value:
            connection.putheader(name, value)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    got = connection.getresponse()
    answer = Answer(got.status, {n.lower(): v for n, v in got.getheaders()}, got.read())
    connection.close()
    return answer


def _port(cloud: Cloud) -> int:
    return int(cloud.endpoint.rpartition(":")[2])


def _cloud_is_whole(cloud: Cloud, queue: str) -> bool:
    return queue in cloud.client("sqs").list_queues().get("QueueUrls", [])


@pytest.fixture(scope="module")
def queue(cloud: Cloud) -> str:
    """The URL of a queue that a reset would take away."""
    url, _ = Bench(cloud).queue()
    return url


CONTROLS = [
    ("POST", "/_ministack/reset", b""),
    ("POST", "/_ministack/config", b'{"cloudtrail._recording_enabled": "1"}'),
    ("POST", "/_local/faults", b"[]"),
    ("POST", "/_local/clock", b'{"scale": 20}'),
    ("POST", "/_local/forget", b"{}"),
    ("GET", "/_ministack/ses/messages", b""),
    ("GET", "/_ministack/sqs/messages", b""),
    ("GET", "/_ministack/health", b""),
    ("GET", "/_localstack/health", b""),
]


@pytest.mark.parametrize(("method", "path", "body"), CONTROLS, ids=[c[1] for c in CONTROLS])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ELSEWHERE},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Host": "elsewhere.example.com"},
    ],
    ids=str,
)
def test_no_web_page_reaches_a_control(
    cloud: Cloud, queue: str, method: str, path: str, body: bytes, headers: dict[str, str]
) -> None:
    answer = send(cloud, method, path, body, **_SIMPLE, **headers)
    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers
    assert json.loads(answer.body)["error"]
    assert _cloud_is_whole(cloud, queue)


@pytest.mark.parametrize(
    "host",
    ["elsewhere.example.com:{port}", "localhost", "127.0.0.1:1", "localhost:1", "0.0.0.0:{port}",
     "localhost.:{port}", "127.0.0.1.elsewhere.example.com:{port}", "localhost:{port}.com",
     "evil@127.0.0.1:{port}", "[::1]:{port}", "localtest.me:{port}", ""],
)  # fmt: skip
def test_a_name_that_may_be_rebound_is_refused(cloud: Cloud, host: str) -> None:
    answer = send(cloud, "GET", "/_ministack/health", Host=host.format(port=_port(cloud)))
    assert answer.status in (400, 403)
    assert b"services" not in answer.body


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "a-bucket.s3.localhost"])
def test_a_loopback_name_with_the_port_is_served(cloud: Cloud, host: str) -> None:
    answer = send(cloud, "GET", "/_ministack/health", Host=f"{host}:{_port(cloud)}")
    assert answer.status == 200


def test_a_page_of_the_cloud_itself_or_a_user_at_the_address_bar_may_look(cloud: Cloud) -> None:
    own: dict[str, Any] = {"Origin": cloud.endpoint, "Sec_Fetch_Site": "same-origin"}
    typed: dict[str, Any] = {"Sec_Fetch_Site": "none"}
    for headers in (own, typed):
        assert send(cloud, "GET", "/_ministack/ses/messages", **headers).status == 200
    other_name = f"http://localhost:{_port(cloud)}"
    assert send(cloud, "GET", "/_ministack/ses/messages", Origin=other_name).status == 403


@pytest.mark.parametrize(
    ("method", "path", "body"), [control for control in CONTROLS if control[0] == "POST"]
)
def test_a_control_that_changes_something_wants_the_owners_token(
    cloud: Cloud, queue: str, method: str, path: str, body: bytes
) -> None:
    guesses: list[dict[str, Any]] = [{}, {"Orders_Owner": "a-guess"}, {"Orders_Owner": "café"}]
    for headers in guesses:
        answer = send(cloud, method, path, body, **headers)
        assert (answer.status, "token" in json.loads(answer.body)["error"]) == (403, True)
    assert _cloud_is_whole(cloud, queue)


def test_the_owner_drives_the_cloud(cloud: Cloud) -> None:
    assert cloud.control("running", {}) is not None
    assert isinstance(cloud.mails(), list)


def test_no_function_learns_the_owners_token(cloud: Cloud) -> None:
    source = "import os\ndef handler(event, context): return dict(os.environ)\n"
    bench = Bench(cloud)
    seen = bench.invoke(bench.function(source))
    assert cloud.owner_token
    assert cloud.owner_token not in json.dumps(seen)


@pytest.mark.parametrize(
    ("service", "path"),
    [
        ("sqs", "/?Action=DeleteQueue&QueueUrl={queue}&"),
        ("sqs", "/{path}?Action=SendMessage&MessageBody=x&"),
        ("sqs", "/{path}?Action=PurgeQueue&"),
        ("iam", "/?Action=CreateUser&UserName=mallory&Version=2010-05-08&"),
        ("lambda", "/2015-03-31/functions/any/invocations?"),
        ("s3", "/a-new-bucket?"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_a_page_cannot_call_aws_with_a_signature_in_the_url(
    cloud: Cloud, queue: str, service: str, path: str, method: str
) -> None:
    target = path.format(queue=queue, path=queue.split("/", 3)[3])
    query = f"{target}{_SIGNED}{service}%2Faws4_request&X-Amz-Signature=00"
    for headers in (_PAGE, {"Sec_Fetch_Site": "cross-site"}):
        assert send(cloud, method, query, b"{}", **_SIMPLE, **headers).status == 403
    assert _cloud_is_whole(cloud, queue)


def test_a_page_is_not_allowed_to_send_what_it_asks_for_first(cloud: Cloud) -> None:
    asked: dict[str, Any] = {
        "Access_Control_Request_Method": "POST",
        "Access_Control_Request_Headers": "authorization,x-amz-target",
        "Access_Control_Request_Private_Network": "true",
    }
    for path in ("/", "/_local/faults", "/_ministack/reset", "/a-bucket/key"):
        answer = send(cloud, "OPTIONS", path, **_PAGE, **asked)
        assert answer.status == 403
        assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/", {"X_Amz_Target": "DynamoDB_20120810.ListTables"}),
        ("POST", "/", {"X_Amz_Target": "AWSStepFunctions.ListStateMachines"}),
        ("POST", "/", {"X_Amz_Target": "secretsmanager.ListSecrets"}),
        ("GET", "/?Action=ListQueues", {}),
        ("GET", "/?Action=ListUsers&Version=2010-05-08", {}),
        ("POST", "/2015-03-31/functions/any/invocations", {}),
        ("POST", "/v2/email/outbound-emails", {}),
        ("GET", "/v2/apis", {}),
    ],
)
def test_an_unsigned_request_is_refused(
    cloud: Cloud, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = send(cloud, method, path, b"{}", **headers)
    assert answer.status in (400, 403)
    assert any(why in answer.body for why in _NO_CREDENTIALS)


@contract("unsigned_buckets")
def test_an_unsigned_request_makes_and_lists_no_bucket(bench: Bench) -> None:
    name = bench.name("a-new-bucket")
    for method, path in (("GET", "/"), ("PUT", f"/{name}")):
        answer = send(bench.cloud, method, path)
        assert (answer.status, b"AccessDenied" in answer.body) == (403, True)
    listed = bench.cloud.client("s3").list_buckets()["Buckets"]
    assert name not in [bucket["Name"] for bucket in listed]


def _shop(bench: Bench) -> HttpApi:
    cors = {"AllowOrigins": [SHOP], "AllowMethods": ["POST"], "AllowHeaders": ["content-type"]}
    source = "def handler(event, context): return {'statusCode': 201, 'body': 'made'}\n"
    return open_api(bench, source, ["POST /orders"], CorsConfiguration=cors)


def test_an_http_api_answers_the_pages_that_its_settings_name(cloud: Cloud) -> None:
    path = f"{_shop(Bench(cloud)).base}/orders"
    page: dict[str, Any] = {"Origin": SHOP, "Sec_Fetch_Site": "cross-site"}
    asked = send(cloud, "OPTIONS", path, **page, Access_Control_Request_Method="POST")
    assert (asked.status, asked.headers["access-control-allow-origin"]) == (204, SHOP)
    answer = send(cloud, "POST", path, b"{}", **page)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (201, SHOP)
    stranger = send(cloud, "POST", path, b"{}", **_PAGE)
    assert "access-control-allow-origin" not in stranger.headers


def test_an_apis_address_opens_nothing_else(cloud: Cloud, queue: str) -> None:
    api = _shop(Bench(cloud))
    host = f"{api.id}.execute-api.localhost:{_port(cloud)}"
    mail = f"/v2/email/outbound-emails?{_SIGNED}ses%2Faws4_request&X-Amz-Signature=00"
    for path in ("/_ministack/reset", "/_local/forget", mail, "/orders"):
        assert send(cloud, "POST", path, b"{}", Host=host, **_PAGE).status == 403
    for path in (f"{api.base}/../../_ministack/reset", f"{api.base}/orders/../_local/forget"):
        assert send(cloud, "POST", path, b"{}", **_PAGE).status == 404
    rebound = f"elsewhere.example.com:{_port(cloud)}"
    assert send(cloud, "POST", f"{api.base}/orders", b"{}", Host=rebound).status == 403
    assert _cloud_is_whole(cloud, queue)
