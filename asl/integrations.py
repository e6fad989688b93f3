"""The optimized service integrations there are, and how each may wait.

Source: AWS Step Functions Developer Guide, "Integrating services with Step Functions".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from asl.resources import ACTIVITY, CALLBACK, FUNCTION, SYNC, Resource

_RUN: Final = ("",)
_RUN_OR_SYNC: Final = ("", ".sync")
_RUN_OR_CALLBACK: Final = ("", CALLBACK)
_ANY: Final = ("", ".sync", CALLBACK)
_OPTIMIZED: Final[Mapping[str, tuple[str, ...]]] = {
    "apigateway": _RUN_OR_CALLBACK,
    "athena": _RUN_OR_SYNC,
    "batch": _RUN_OR_SYNC,
    "bedrock": _RUN_OR_SYNC,
    "codebuild": _RUN_OR_SYNC,
    "databrew": _RUN_OR_SYNC,
    "dynamodb": _RUN,
    "ecs": _ANY,
    "eks": _ANY,
    "elasticmapreduce": _RUN_OR_SYNC,
    "emr-containers": _RUN_OR_SYNC,
    "emr-serverless": _RUN_OR_SYNC,
    "events": _RUN_OR_CALLBACK,
    "glue": _RUN_OR_SYNC,
    "http": _RUN,
    "lambda": _RUN_OR_CALLBACK,
    "mediaconvert": _RUN_OR_SYNC,
    "sagemaker": _RUN_OR_SYNC,
    "sns": _RUN_OR_CALLBACK,
    "sqs": _RUN_OR_CALLBACK,
    "states": ("", *SYNC, CALLBACK),
}
_APIS: Final[Mapping[str, tuple[str, ...]]] = {
    "dynamodb": ("getItem", "putItem", "updateItem", "deleteItem"),
    "events": ("putEvents",),
    "http": ("invoke",),
    "lambda": ("invoke",),
    "sns": ("publish",),
    "sqs": ("sendMessage",),
    "states": ("startExecution",),
}
"""By service; one that is not here has many, and they are not checked."""

_SDK: Final = "aws-sdk:"
_CAMEL_CASE: Final = re.compile(r"[a-z][A-Za-z0-9]*")


def integration_problem(resource: Resource) -> str | None:
    """What is wrong with a Task's integration; None if there is such a one."""
    if resource.api in (FUNCTION, ACTIVITY):
        return None
    service, _, api = resource.api.rpartition(":")
    if service.startswith(_SDK):
        return _sdk_problem(resource, api)
    if service not in _OPTIMIZED or api not in _APIS.get(service, (api,)):
        return (
            f"Resource {resource.arn!r} is no integration of Step Functions: for an API without "
            f"an optimized one use aws-sdk:<service>:<action>"
        )
    if resource.pattern not in _OPTIMIZED[service]:
        return f"Resource {resource.arn!r} cannot wait: {service} has no {resource.pattern}"
    return None


def _sdk_problem(resource: Resource, api: str) -> str | None:
    if resource.pattern in SYNC:
        return f"Resource {resource.arn!r} cannot wait: SDK integrations have no .sync"
    if not _CAMEL_CASE.fullmatch(api):
        return f"Resource {resource.arn!r} must name the action in camelCase, not {api!r}"
    return None
