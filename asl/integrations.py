"""The optimized service integrations there are, and how each may wait.

Source: AWS Step Functions Developer Guide, "Integrating services with Step Functions".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from asl.resources import ACTIVITY, CALLBACK, FUNCTION, SYNC, Resource
from asl.services import action_problem

_RUN: Final = ("",)
_RUN_OR_SYNC: Final = ("", ".sync")
_RUN_OR_CALLBACK: Final = ("", CALLBACK)
_ANY: Final = ("", ".sync", CALLBACK)
_OPTIMIZED: Final[Mapping[str, tuple[str, ...]]] = {
    "apigateway": _RUN_OR_CALLBACK,
    "athena": _RUN_OR_SYNC,
    "batch": _RUN_OR_SYNC,
    "bedrock": _ANY,
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

_SDK: Final = "aws-sdk:"
_CAMEL_CASE: Final = re.compile(r"[a-z][A-Za-z0-9]*")


def integration_problem(resource: Resource) -> str | None:
    """What is wrong with a Task's integration; None if there is such a one."""
    if resource.api in (FUNCTION, ACTIVITY):
        return None
    service, _, api = resource.api.rpartition(":")
    if service.startswith(_SDK):
        return _sdk_problem(resource, service, api)
    if service not in _OPTIMIZED or api not in _APIS[service]:
        return (
            f"Resource {resource.arn!r} is no integration of Step Functions: for an API without "
            f"an optimized one use aws-sdk:<service>:<action>"
        )
    if resource.pattern not in _OPTIMIZED[service]:
        return f"Resource {resource.arn!r} cannot wait: {service} has no {resource.pattern}"
    return None


def _sdk_problem(resource: Resource, service: str, api: str) -> str | None:
    if resource.pattern in SYNC:
        return f"Resource {resource.arn!r} cannot wait: SDK integrations have no .sync"
    if not _CAMEL_CASE.fullmatch(api):
        return f"Resource {resource.arn!r} must name the action in camelCase, not {api!r}"
    problem = action_problem(service.removeprefix(_SDK), api)
    return f"Resource {resource.arn!r}: {problem}" if problem else None
