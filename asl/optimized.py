"""What the optimized integrations are given: their API's request, with what Step Functions changes.

Some have no API of their own, or another than their name says; some take JSON where the API takes
text. Source: the page of each service that
https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from asl.models import Shape
from asl.services import sdk_request

_TEXT: Final = {"shape": "Text"}
_ANY: Final = {"shape": "Any"}
_SHAPES: Final[Mapping[str, Any]] = {"Text": {"type": "string"}, "Any": {"type": "any"}}


class OptimizedRequest(NamedTuple):
    """What one optimized integration is given.

    Attributes:
        shape: its parameters.
        json: the parameters that the API takes as text or bytes, and Step Functions as any JSON.
        further: parameters that Step Functions adds to those of the API.
    """

    shape: Shape
    json: tuple[str, ...] = ()
    further: tuple[str, ...] = ()


_SERVICES: Final[Mapping[str, str]] = {
    "emr-containers": "emrcontainers",
    "emr-serverless": "emrserverless",
    "events": "eventbridge",
    "states": "sfn",
}
"""Services that SDK integrations spell otherwise."""

_OTHER_APIS: Final[Mapping[str, tuple[str, str]]] = {
    "bedrock:invokeModel": ("bedrockruntime", "invokeModel"),
    "elasticmapreduce:createCluster": ("emr", "runJobFlow"),
}
_JSON: Final[Mapping[str, tuple[str, ...]]] = {
    "bedrock:invokeModel": ("Body",),
    "events:putEvents": ("Detail",),
    "lambda:invoke": ("Payload", "ClientContext"),
    "sns:publish": ("Message",),
    "sqs:sendMessage": ("MessageBody",),
    "states:startExecution": ("Input",),
}
_FURTHER: Final[Mapping[str, tuple[str, ...]]] = {
    "batch:submitJob": ("attempts",),  # so spelt in an example of AWS's page on Task states
    "bedrock:invokeModel": ("Input", "Output"),
}


def _own(*required: str, **others: Mapping[str, str]) -> Shape:
    """Parameters that no API of the SDK has: the required ones are text."""
    members = {**dict.fromkeys(required, _TEXT), **others}
    return Shape("", {"type": "structure", "members": members, "required": required}, _SHAPES)


_CLUSTER: Final = {"CertificateAuthority": _TEXT, "Endpoint": _TEXT}
_OWN: Final[Mapping[str, Shape]] = {
    "apigateway:invoke": _own(
        *("ApiEndpoint", "Method"),
        **dict.fromkeys(("Headers", "QueryParameters", "RequestBody", "AllowNullValues"), _ANY),
        **dict.fromkeys(("Stage", "Path", "AuthType"), _TEXT),
    ),
    "http:invoke": _own(
        *("ApiEndpoint", "Method"),
        **dict.fromkeys(("Authentication", "InvocationConfig", "Headers"), _ANY),
        **dict.fromkeys(("QueryParameters", "RequestBody", "Transform"), _ANY),
    ),
    "eks:call": _own(
        *("ClusterName", "Method", "Path"),
        **_CLUSTER,
        **dict.fromkeys(("QueryParameters", "RequestBody"), _ANY),
    ),
    "eks:runJob": _own(
        "ClusterName",
        **_CLUSTER,
        **{"Namespace": _TEXT, "LogOptions": _ANY, "Job": _ANY},
    ),
    "elasticmapreduce:addStep": _own("ClusterId", Step=_ANY, ExecutionRoleArn=_TEXT),
    "elasticmapreduce:cancelStep": _own("ClusterId", "StepId", StepCancellationOption=_TEXT),
    "elasticmapreduce:modifyInstanceFleetByName": _own(
        "ClusterId", "InstanceFleetName", InstanceFleet=_ANY
    ),
    "elasticmapreduce:modifyInstanceGroupByName": _own(
        "ClusterId", "InstanceGroupName", InstanceGroup=_ANY
    ),
    "elasticmapreduce:setClusterTerminationProtection": _own(
        "ClusterId", TerminationProtected=_ANY
    ),
    "elasticmapreduce:terminateCluster": _own("ClusterId"),
}


RESULT_DESTINATION: Final = _own("Bucket", Prefix=_TEXT, ExpectedBucketOwner=_TEXT)
"""Where a distributed Map's ResultWriter writes to."""


def optimized_request(api: str) -> OptimizedRequest | None:
    """What an optimized integration such as `dynamodb:putItem` is given; None if unknown."""
    shape = _OWN.get(api)
    if shape is None:
        service, _, action = api.partition(":")
        service, action = _OTHER_APIS.get(api, (_SERVICES.get(service, service), action))
        shape = sdk_request(service, action)
    if shape is None:
        return None
    return OptimizedRequest(shape, _JSON.get(api, ()), _FURTHER.get(api, ()))
