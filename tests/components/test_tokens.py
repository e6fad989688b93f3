"""The whole stack of a shop whose customers bring tokens: which routes want one, and whose."""

from typing import Any

import pytest

from tests.components.conftest import Register, Registered, whole
from tests.handlers.openapi import DOCUMENT

ISSUER = {"orders:tokenIssuer": "https://id.example.com", "orders:tokenAudience": "shop"}


@pytest.fixture(scope="module")
def members(register: Register, config: dict[str, str]) -> Registered:
    return whole(register, {**config, **ISSUER})


def routes(made: Registered) -> dict[str, dict[str, Any]]:
    return {route["routeKey"]: route for route in made.of("apigatewayv2/route:Route")}


def test_the_tokens_of_one_issuer_for_one_audience_are_accepted(members: Registered) -> None:
    (authorizer,) = members.of("apigatewayv2/authorizer:Authorizer")

    assert authorizer["authorizerType"] == "JWT"
    assert authorizer["identitySources"] == ["$request.header.Authorization"]
    assert authorizer["jwtConfiguration"] == {
        "issuer": "https://id.example.com",
        "audiences": ["shop"],
    }


def test_every_route_but_the_signed_callbacks_wants_a_token(members: Registered) -> None:
    open_to_all = {key for key, route in routes(members).items() if "authorizerId" not in route}

    assert open_to_all == {"POST /callbacks/payment", "POST /callbacks/shipping"}
    for key, route in routes(members).items():
        wanted = ("NONE", None) if key in open_to_all else ("JWT", "orders-api-id")
        assert (route["authorizationType"], route.get("authorizerId")) == wanted, key


def test_the_routes_are_those_of_the_openapi_document(members: Registered) -> None:
    assert set(routes(members)) == {
        f"{method.upper()} {path}"
        for path, methods in DOCUMENT["paths"].items()
        for method in methods
    }
