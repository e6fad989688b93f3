"""The request of a Task: its arguments against the API, and the attribute types of DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator

from asl.checks.arguments import Target, argument_problems
from asl.checks.attribute_types import attribute_type_problems
from asl.optimized import optimized_request
from asl.resources import Resource
from asl.services import sdk_request
from asl.walk import JSONATA, Visit

_SDK = "aws-sdk:"
_DYNAMODB = "aws-sdk:dynamodb:"


def request_problems(visit: Visit, resource: Resource) -> Iterator[str]:
    """What is wrong with the request of a Task on a service integration that there is."""
    field = "Arguments" if visit.language == JSONATA else "Parameters"
    given = visit.state.get(field)
    target = Target(resource.api, visit.language)
    if resource.api.startswith(_SDK):
        service, _, action = resource.api.removeprefix(_SDK).partition(":")
        if shape := sdk_request(service, action):
            yield from argument_problems(given, shape, target, field)
    elif request := optimized_request(resource.api):
        adapted = target._replace(json=request.json, further=request.further)
        yield from argument_problems(given, request.shape, adapted, field)
    if resource.api.startswith(_DYNAMODB):
        yield from attribute_type_problems(given, visit.language, field)
