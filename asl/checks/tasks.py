"""What a Task must have so that it ends: an integration, a timeout, and a token to be called by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl import jsonata
from asl.checks.kinds import is_number
from asl.checks.objects import object_problems
from asl.checks.placeholders import is_filled_in, with_partition
from asl.checks.problems import shown
from asl.checks.requests import request_problems
from asl.checks.shape import CREDENTIALS
from asl.integrations import integration_problem
from asl.resources import ACTIVITY, CALLBACK, FUNCTION, SYNC, Resource, parse
from asl.walk import EXPRESS, JSONATA, Visit

_TOKEN: Final = ("states", "context", "Task", "Token")
_TOKEN_PATH: Final = re.compile(r"\$\$(?:\.Task(?:\.Token)?)?(?![\w.\[])")


def task_problems(visit: Visit) -> Iterator[str]:
    """What is wrong with a Task state beyond its own fields."""
    if visit.state.get("Type") != "Task":
        return
    yield from _timeout_problems(visit.state)
    if isinstance(credentials := visit.state.get("Credentials"), Mapping):
        yield from object_problems(credentials, CREDENTIALS, visit.language, "Credentials")
    text = visit.state.get("Resource")
    if not isinstance(text, str) or is_filled_in(with_partition(text)):
        return
    resource = parse(with_partition(text))
    if resource is None:
        yield f"Resource {shown(text)} is no integration, and no ARN of a function or activity"
        return
    if problem := integration_problem(resource):
        yield problem
    elif resource.api not in (FUNCTION, ACTIVITY):
        yield from request_problems(visit, resource)
    yield from _waiting_problems(visit, resource)


def _timeout_problems(state: Mapping[Any, Any]) -> Iterator[str]:
    timeout, heartbeat = state.get("TimeoutSeconds"), state.get("HeartbeatSeconds")
    if timeout is None and "TimeoutSecondsPath" not in state:
        yield "it lacks TimeoutSeconds, so a task that hangs would hold the execution for ever"
    if is_number(timeout) and is_number(heartbeat) and heartbeat >= timeout:
        yield (
            f"HeartbeatSeconds must be below TimeoutSeconds, but {heartbeat} is not below {timeout}"
        )


def _waiting_problems(visit: Visit, resource: Resource) -> Iterator[str]:
    waits = resource.pattern == CALLBACK or resource.pattern in SYNC or resource.api == ACTIVITY
    if waits and visit.machine.execution_type == EXPRESS:
        yield f"Resource {resource.arn!r} waits for an answer, which an Express machine cannot"
    if resource.pattern == CALLBACK and not _hands_out_token(visit):
        token = "$states.context.Task.Token" if visit.language == JSONATA else "$$.Task.Token"
        yield f"it waits for a callback, but its request does not hold the token {token}"


def _hands_out_token(visit: Visit) -> bool:
    field = "Arguments" if visit.language == JSONATA else "Parameters"
    seen = _in_jsonata if visit.language == JSONATA else _in_jsonpath
    return any(seen(key, text) for key, text in _texts("", visit.state.get(field)))


def _texts(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every string of a value, with the key it stands under."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from _texts(name, member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(key, member)
    elif isinstance(value, str):
        yield key, value


def _in_jsonata(_: str, text: str) -> bool:
    """Whether an expression reads the token, or an object that holds it."""
    if not jsonata.is_expression(text):
        return False
    try:
        tree = jsonata.parse(jsonata.source(text))
    except jsonata.ExpressionError:
        return True  # already a problem of its own; this one would be a guess
    return any(path == _TOKEN[: len(path)] for path in jsonata.paths(tree))


def _in_jsonpath(key: str, text: str) -> bool:
    return key.endswith(".$") and _TOKEN_PATH.search(text) is not None
