"""The HTTP API as a block: its routes, who may call them, and from where."""

from typing import Any

import pulumi
import pytest

from components.aws.function import PythonFunction
from components.aws.http_api import HttpApi
from tests.components.conftest import Register, Registered

PLACE, READ = "POST /orders", "GET /orders/{orderId}"


def api(register: Register, public: tuple[str, ...] = (), **args: Any) -> Registered:
    """An API with two routes, each to a function of its own."""

    def build() -> None:
        made = HttpApi("shop", {**args})  # type: ignore[typeddict-item]
        for key, name in ((PLACE, "place"), (READ, "read")):
            made.route(key, function(name), public=key in public)

    return register(build)


def function(name: str) -> PythonFunction:
    code = pulumi.StringAsset("pass")
    handler = f"handlers.{name}.handler"
    asked: Any = {"handler": handler, "code": code, "environment": {}, "allow": []}
    return PythonFunction(name, asked)


def route(made: Registered, key: str) -> dict[str, Any]:
    (found,) = (one for one in made.of("apigatewayv2/route:Route") if one["routeKey"] == key)
    return found


def test_a_route_with_a_parameter_has_a_name_that_aws_takes(register: Register) -> None:
    made = api(register)

    names = {one.name for one in made.made if one.typ == "aws:apigatewayv2/route:Route"}
    assert names == {"shop-post-orders", "shop-get-orders-orderId"}


def test_versions_of_a_path_are_different_routes(register: Register) -> None:
    def build() -> None:
        made = HttpApi("shop", {})
        for version in ("v1", "v2"):
            made.route(f"GET /{version}/orders", function(version))

    made = register(build)
    names = {one.name for one in made.made if one.typ == "aws:lambda/permission:Permission"}
    assert names == {"shop-get-v1-orders", "shop-get-v2-orders"}


@pytest.mark.parametrize(
    ("name", "source"),
    [("shop-post-orders", "/*/POST/orders"), ("shop-get-orders-orderId", "/*/GET/orders/*")],
)
def test_a_function_is_invoked_by_its_own_route_only(
    register: Register, name: str, source: str
) -> None:
    permission = api(register).named("lambda/permission:Permission", name)

    assert permission["principal"] == "apigateway.amazonaws.com"
    assert permission["sourceArn"].endswith(f":shop{source}")


def test_each_route_reaches_its_own_function(register: Register) -> None:
    made = api(register)

    for name, called in (("shop-post-orders", "place"), ("shop-get-orders-orderId", "read")):
        integration = made.named("apigatewayv2/integration:Integration", name)
        assert integration["integrationUri"].endswith(f":{called}/invocations")
        assert integration["payloadFormatVersion"] == "2.0"


def test_callers_sign_with_iam_unless_a_route_is_public(register: Register) -> None:
    made = api(register, public=(PLACE,))

    assert route(made, PLACE)["authorizationType"] == "NONE"
    assert route(made, READ)["authorizationType"] == "AWS_IAM"
    assert made.of("apigatewayv2/authorizer:Authorizer") == []


def test_callers_bring_tokens_where_an_issuer_is_given(register: Register) -> None:
    issuer = {"issuer": "https://id.example.com", "audience": "orders"}
    made = api(register, public=(PLACE,), tokens=issuer)

    authorizer = made.named("apigatewayv2/authorizer:Authorizer", "shop")
    assert authorizer["jwtConfiguration"] == {
        "issuer": "https://id.example.com",
        "audiences": ["orders"],
    }
    assert authorizer["identitySources"] == ["$request.header.Authorization"]
    assert route(made, READ)["authorizationType"] == "JWT"
    assert route(made, READ)["authorizerId"] == "shop-id"
    assert route(made, PLACE)["authorizationType"] == "NONE"


@pytest.mark.parametrize("origins", [{}, {"origins": ()}])
def test_no_page_of_another_origin_may_call_unless_it_is_named(
    register: Register, origins: dict[str, Any]
) -> None:
    assert "corsConfiguration" not in api(register, **origins).named("apigatewayv2/api:Api", "shop")


def test_pages_of_a_named_origin_may_call(register: Register) -> None:
    made = api(register, origins=("https://shop.example.com",))

    cors = made.named("apigatewayv2/api:Api", "shop")["corsConfiguration"]
    assert cors["allowOrigins"] == ["https://shop.example.com"]
    assert "*" not in cors["allowHeaders"] + cors["allowMethods"]
    assert "allowCredentials" not in cors


def test_an_api_is_throttled_as_it_is_told(register: Register) -> None:
    stage = api(register, rate=5.0, burst=7).named("apigatewayv2/stage:Stage", "shop")

    assert stage["defaultRouteSettings"] == {"throttlingBurstLimit": 7, "throttlingRateLimit": 5.0}
    assert stage["name"] == "$default"
    assert stage["autoDeploy"] is True
