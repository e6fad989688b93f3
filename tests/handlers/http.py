"""Requests as the HTTP API sends them to a function, and answers held to the OpenAPI document."""

import json
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tests.handlers.openapi import require_described

Event = dict[str, Any]

SHOP = {"iam": {"userArn": "arn:aws:iam::123456789012:user/shop", "accountId": "123456789012"}}


def customer(name: str) -> Event:
    """The authorizer's word about a customer's token."""
    return {"jwt": {"claims": {"sub": name}, "scopes": None}}


def event(route: str, authorizer: Event | None = SHOP, body: Any = None, **more: Any) -> Event:
    """A request; a body that is no text is sent as JSON."""
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    return {
        "version": "2.0",
        "routeKey": route,
        "headers": {"content-type": "application/json"},
        "requestContext": {"authorizer": authorizer} if authorizer else {},
        "pathParameters": None,
        **({} if text is None else {"body": text}),
        "isBase64Encoded": False,
        **more,
    }


@dataclass(frozen=True)
class Answer:
    """What a function answered."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def fields(self) -> list[str]:
        """The fields that a problem names."""
        return [error["field"] for error in self.body["errors"]]


@dataclass(frozen=True)
class Route:
    """A route and the function behind it; every answer must be as the document says."""

    name: str
    handler: Any
    context: LambdaContext

    def __call__(self, authorizer: Event | None = SHOP, body: Any = None, **more: Any) -> Answer:
        return self.send(event(self.name, authorizer, body, **more))

    def send(self, request: Event) -> Answer:
        answer = self.handler(request, self.context)
        require_described(self.name, answer)
        return Answer(answer["statusCode"], json.loads(answer["body"]), answer["headers"])
