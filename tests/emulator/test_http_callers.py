"""Who may call a route of an HTTP API; the test marked so is the contract of one mend."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.emulator.settings import ROOT_KEY
from tests.emulator.apis import HttpApi, open_api
from tests.emulator.bench import Bench, policy
from tests.emulator.contracts import contract
from tests.emulator.issuer import AUDIENCE, Issuer, issuer, new_key

_ECHO = "def handler(event, context): return event\n"
_FORBIDDEN = (403, {"message": "Forbidden"})
_UNAUTHORIZED = (401, {"message": "Unauthorized"})


def _guarded(bench: Bench) -> HttpApi:
    """An API whose routes only callers with AWS credentials reach."""
    api = open_api(bench, _ECHO, [])
    for key in ("POST /checkouts", "GET /checkouts/{cartId}"):
        api.route(key, AuthorizationType="AWS_IAM")
    return api


def _caller(bench: Bench, api: HttpApi, routes: str) -> Credentials:
    """The credentials of a user who may call these routes."""
    iam, name = bench.cloud.client("iam"), bench.name("user")
    iam.create_user(UserName=name)
    grant = ("execute-api:Invoke", f"arn:aws:execute-api:us-east-1:000000000000:{api.id}/{routes}")
    iam.put_user_policy(UserName=name, PolicyName="it", PolicyDocument=policy(grant))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"])


def _signed(
    api: HttpApi,
    caller: Credentials,
    path: str,
    method: str = "POST",
    host: str = "",
    sent: Mapping[str, Any] | None = None,
) -> tuple[int, Any]:
    """What a request is told that was signed for a path, and may be sent otherwise."""
    headers = {"Content-Type": "application/json", **({"Host": host} if host else {})}
    request = AWSRequest(method, api.url + path, headers, b"{}")
    SigV4Auth(caller, "execute-api", "us-east-1").add_auth(request)
    told = {"path": path, "method": method, **dict(request.prepare().headers), **(sent or {})}
    return api.told(**told)


def _told_late(api: HttpApi, caller: Credentials, late: timedelta) -> tuple[int, Any]:
    """What a request is told that was signed so long ago."""
    with pytest.MonkeyPatch.context() as clock:
        then = datetime.now(UTC) - late
        clock.setattr("botocore.auth.get_current_datetime", lambda: then)
        return _signed(api, caller, "/checkouts")


@contract("http_api_denials")
def test_only_a_signed_request_of_an_allowed_caller_passes(bench: Bench) -> None:
    api = _guarded(bench)
    caller = _caller(bench, api, "$default/POST/checkouts")
    status, event = _signed(api, caller, "/checkouts")
    assert status == 200
    assert ":user/user-" in event["requestContext"]["authorizer"]["iam"]["userArn"]
    assert api.told("/checkouts") == _FORBIDDEN
    assert _signed(api, caller, "/checkouts/1", "GET") == _FORBIDDEN
    impostor = Credentials(caller.access_key, "a-guess")
    assert _signed(api, impostor, "/checkouts") == _FORBIDDEN


def _root() -> Credentials:
    return Credentials(ROOT_KEY, ROOT_KEY)


@contract("http_api_signatures")
def test_the_root_users_requests_are_checked_too(bench: Bench) -> None:
    api = _guarded(bench)
    assert _signed(api, _root(), "/checkouts?limit=1&after=")[0] == 200
    assert _signed(api, _root(), "/checkouts/a%20b", "GET")[0] == 200
    assert _signed(api, Credentials(ROOT_KEY, "a-guess"), "/checkouts") == _FORBIDDEN


@pytest.mark.parametrize("who", ["root", "user"])
def test_a_signature_is_good_for_what_was_signed_and_no_other_time_or_place(
    bench: Bench, who: str
) -> None:
    api = _guarded(bench)
    caller = _root() if who == "root" else _caller(bench, api, "*")
    assert _signed(api, caller, "/checkouts/1?limit=1", "GET")[0] == 200
    for sent in (
        {"path": "/checkouts/2?limit=1"},
        {"path": "/checkouts/1?limit=2"},
        {"path": "/checkouts/1"},
        {"body": b"[]"},
    ):
        assert _signed(api, caller, "/checkouts/1?limit=1", "GET", sent=sent) == _FORBIDDEN, sent
    for minutes in (-6, 6, 60 * 24 * 365):
        assert _told_late(api, caller, timedelta(minutes=minutes)) == _FORBIDDEN, minutes
    assert _told_late(api, caller, timedelta(minutes=4))[0] == 200


def test_a_signature_is_checked_however_the_api_is_addressed(bench: Bench) -> None:
    api, impostor = _guarded(bench), Credentials(ROOT_KEY, "a-guess")
    disguised = replace(api, base=f"/%5Faws/execute%2Dapi/{api.id}")
    host = f"{api.id}.execute-api.{bench.cloud.endpoint.removeprefix('http://')}"
    for caller, status in ((_root(), 200), (impostor, 403)):
        assert _signed(disguised, caller, "/checkouts")[0] == status
        assert _signed(replace(api, base=""), caller, "/checkouts", host=host)[0] == status


@pytest.fixture(scope="module")
def tokens() -> Iterator[Issuer]:
    with issuer() as running:
        yield running


@pytest.fixture
def members(bench: Bench, tokens: Issuer) -> HttpApi:
    """An API whose routes want a token of the issuer; one of them a scope as well."""
    api = open_api(bench, _ECHO, [])
    made = bench.cloud.client("apigatewayv2").create_authorizer(
        ApiId=api.id,
        Name="tokens",
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": tokens.url, "Audience": [AUDIENCE]},
    )
    fields = {"AuthorizationType": "JWT", "AuthorizerId": made["AuthorizerId"]}
    api.route("GET /orders", **fields)
    api.route("POST /orders", AuthorizationScopes=["orders.write"], **fields)
    return api


def _with(api: HttpApi, token: str, method: str = "GET") -> tuple[int, Any]:
    return api.told(method=method, Authorization=f"Bearer {token}")


def test_a_token_of_the_issuer_tells_the_function_who_calls(
    members: HttpApi, tokens: Issuer
) -> None:
    status, event = _with(members, tokens.token(sub="c-56392"))
    assert status == 200
    assert event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] == "c-56392"


def test_without_a_token_nothing_passes(members: HttpApi) -> None:
    assert members.told(method="GET") == _UNAUTHORIZED


@pytest.mark.parametrize(
    "claims",
    [{"exp": 1}, {"nbf": 4102444800}, {"aud": "another-shop"}, {"iss": "http://127.0.0.1:1"}],
    ids=lambda claims: next(iter(claims)),
)
def test_a_token_that_is_not_for_here_and_now_is_refused(
    members: HttpApi, tokens: Issuer, claims: dict[str, Any]
) -> None:
    assert _with(members, tokens.token(**claims)) == _UNAUTHORIZED


def test_a_token_that_another_key_signed_is_refused(members: HttpApi, tokens: Issuer) -> None:
    assert _with(members, tokens.token(key=new_key())) == _UNAUTHORIZED
    head, body, _ = tokens.token().split(".")
    assert _with(members, f"{head}.{body}.") == _UNAUTHORIZED


def test_a_route_may_want_a_scope(members: HttpApi, tokens: Issuer) -> None:
    assert _with(members, tokens.token(), "POST") == _FORBIDDEN
    assert _with(members, tokens.token(scope="orders.read orders.write"), "POST")[0] == 200
