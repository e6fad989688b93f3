"""The optimized service integrations there are, and how each may wait.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html, its table of
patterns, and the page of each service that it names, which lists the actions that have `.sync`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from asl.resources import ACTIVITY, CALLBACK, FUNCTION, SYNC, Resource
from asl.services import action_problem

_APIS: Final[Mapping[str, tuple[str, ...]]] = {
    "apigateway": ("invoke",),
    "athena": ("startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"),
    "batch": ("submitJob",),
    "bedrock": ("invokeModel", "createModelCustomizationJob"),
    "codebuild": (
        *("startBuild", "stopBuild", "batchDeleteBuilds", "batchGetReports"),
        *("startBuildBatch", "stopBuildBatch", "retryBuildBatch", "deleteBuildBatch"),
    ),
    "databrew": ("startJobRun",),
    "ecs": ("runTask",),
    "eks": (
        *("createCluster", "deleteCluster", "createFargateProfile", "deleteFargateProfile"),
        *("createNodegroup", "deleteNodegroup", "runJob", "call"),
    ),
    "elasticmapreduce": (
        *("createCluster", "terminateCluster", "addStep", "cancelStep"),
        *("setClusterTerminationProtection", "modifyInstanceFleetByName"),
        "modifyInstanceGroupByName",
    ),
    "emr-containers": ("createVirtualCluster", "deleteVirtualCluster", "startJobRun"),
    "emr-serverless": (
        *("createApplication", "startApplication", "stopApplication", "deleteApplication"),
        *("startJobRun", "cancelJobRun"),
    ),
    "glue": ("startJobRun",),
    "mediaconvert": ("createJob",),
    "sagemaker": (
        *("createEndpoint", "createEndpointConfig", "createHyperParameterTuningJob"),
        *("createLabelingJob", "createModel", "createProcessingJob", "createTrainingJob"),
        *("createTransformJob", "updateEndpoint"),
    ),
    "dynamodb": ("getItem", "putItem", "updateItem", "deleteItem"),
    "events": ("putEvents",),
    "http": ("invoke",),
    "lambda": ("invoke",),
    "sns": ("publish",),
    "sqs": ("sendMessage",),
    "states": ("startExecution",),
}
"""The actions of each service's optimized integration."""

_SYNC: Final[Mapping[str, tuple[str, ...]]] = {
    "athena": ("startQueryExecution",),
    "batch": ("submitJob",),
    "bedrock": ("createModelCustomizationJob",),
    "codebuild": ("startBuild", "startBuildBatch", "retryBuildBatch"),
    "databrew": ("startJobRun",),
    "ecs": ("runTask",),
    "eks": (
        *("createCluster", "deleteCluster", "createFargateProfile", "deleteFargateProfile"),
        *("createNodegroup", "deleteNodegroup", "runJob"),
    ),
    "elasticmapreduce": ("createCluster", "terminateCluster", "addStep"),
    "emr-containers": ("deleteVirtualCluster", "startJobRun"),
    "emr-serverless": _APIS["emr-serverless"],
    "glue": ("startJobRun",),
    "mediaconvert": ("createJob",),
    "sagemaker": (
        *("createHyperParameterTuningJob", "createLabelingJob", "createProcessingJob"),
        *("createTrainingJob", "createTransformJob"),
    ),
    "states": ("startExecution",),
}
"""The actions that run a job to its end."""

_CALLBACK: Final = frozenset(
    {"apigateway", "bedrock", "ecs", "eks", "events", "lambda", "sns", "sqs", "states"}
)
"""The services that wait for a task token."""

_JSON_RESULT: Final = ".sync:2"
_SDK: Final = "aws-sdk:"
_CAMEL_CASE: Final = re.compile(r"[a-z][A-Za-z0-9]*")


def integration_problem(resource: Resource) -> str | None:
    """What is wrong with a Task's integration; None if there is such a one."""
    if resource.api in (FUNCTION, ACTIVITY):
        return None
    service, _, api = resource.api.rpartition(":")
    if service.startswith(_SDK):
        return _sdk_problem(resource, service, api)
    if api not in _APIS.get(service, ()):
        return (
            f"Resource {resource.arn!r} is no integration of Step Functions: for an API without "
            f"an optimized one use aws-sdk:<service>:<action>"
        )
    why = _pattern_problem(service, api, resource.pattern)
    return f"Resource {resource.arn!r} cannot wait: {why}" if why else None


def _pattern_problem(service: str, api: str, pattern: str) -> str | None:
    if pattern == CALLBACK:
        return None if service in _CALLBACK else f"{service} has no {pattern}"
    if pattern == _JSON_RESULT and service != "states":
        return f"{service} has no {pattern}"
    if pattern in SYNC and api not in _SYNC.get(service, ()):
        others = ", ".join(_SYNC.get(service, ()))
        only = f", only {others}" if others else ""
        return f"{service}:{api} has no {pattern}{only}"
    return None


def _sdk_problem(resource: Resource, service: str, api: str) -> str | None:
    if resource.pattern in SYNC:
        return f"Resource {resource.arn!r} cannot wait: SDK integrations have no {resource.pattern}"
    if not _CAMEL_CASE.fullmatch(api):
        return f"Resource {resource.arn!r} must name the action in camelCase, not {api!r}"
    problem = action_problem(service.removeprefix(_SDK), api)
    return f"Resource {resource.arn!r}: {problem}" if problem else None
