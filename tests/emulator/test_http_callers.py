"""Who may call a route of an HTTP API; the test marked so is the contract of one mend."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

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


def _signed(api: HttpApi, caller: Credentials, path: str, method: str = "POST") -> Any:
    request = AWSRequest(method, api.url + path, {"Content-Type": "application/json"}, b"{}")
    SigV4Auth(caller, "execute-api", "us-east-1").add_auth(request)
    return api.told(path, method=method, **dict(request.prepare().headers))


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
