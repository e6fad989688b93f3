"""What a Map in distributed mode needs: it runs children of its own machine, over data in S3.

Source: AWS Step Functions Developer Guide, "IAM policies for using Distributed Map states".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl.grants import Grant
from asl.request import HiddenTarget, Request
from asl.resources import parse
from asl.scope import Scope
from asl.walk import JSONATA, Visit, bodies

_WRITES: Final = (
    "s3:PutObject",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:AbortMultipartUpload",
)


def is_distributed(state: Mapping[Any, Any]) -> bool:
    """Whether a state is a Map whose iterations are executions of their own."""
    configs = (body.get("ProcessorConfig") for body in bodies(state))
    return state.get("Type") == "Map" and any(
        isinstance(config, Mapping) and config.get("Mode") == "DISTRIBUTED" for config in configs
    )


def map_grants(visit: Visit, scope: Scope) -> Iterator[Grant]:
    """The grants of a Map state: none inline; its children and its data when distributed.

    Raises:
        HiddenTarget: if the scope does not name the machine, or a bucket cannot be seen.
    """
    if not is_distributed(visit.state):
        return
    if scope.machine is None:
        raise HiddenTarget(
            f"State {visit.name!r} starts executions of its own machine, which the scope does not "
            "name: give Scope the machine's name."
        )
    yield from _children(scope.arn("states", f"stateMachine:{scope.machine}"), scope)
    yield from _reader(visit, scope)
    yield from _writer(visit, scope)


def _children(machine: str, scope: Scope) -> Iterator[Grant]:
    yield Grant("states:StartExecution", machine)
    yield Grant("states:DescribeExecution", scope.executions(machine))
    yield Grant("states:StopExecution", scope.executions(machine))
    yield Grant("states:RedriveExecution", scope.executions(machine, run="/*"))


def _reader(visit: Visit, scope: Scope) -> Iterator[Grant]:
    reader = visit.state.get("ItemReader")
    if not isinstance(reader, Mapping):
        return
    request = _request(visit, reader)
    resource = parse(str(reader.get("Resource")))
    bucket = request.required("Bucket")
    if resource is not None and resource.api == "s3:listObjectsV2":
        yield Grant("s3:ListBucket", scope.bucket(bucket))
        return
    try:
        key = request.required("Key")
    except HiddenTarget:
        key = "*"
    yield Grant("s3:GetObject", scope.bucket(bucket, key))


def _writer(visit: Visit, scope: Scope) -> Iterator[Grant]:
    writer = visit.state.get("ResultWriter")
    if not isinstance(writer, Mapping) or not ("Arguments" in writer or "Parameters" in writer):
        return
    request = _request(visit, writer)
    bucket = request.required("Bucket")
    try:
        prefix = request.literal("Prefix") or ""
    except HiddenTarget:
        prefix = ""
    objects = scope.bucket(bucket, f"{prefix.strip('/')}/*".lstrip("/"))
    yield from (Grant(action, objects) for action in _WRITES)


def _request(visit: Visit, holder: Mapping[Any, Any]) -> Request:
    field = "Arguments" if visit.language == JSONATA else "Parameters"
    return Request(visit.name, holder.get(field, {}), visit.language)
