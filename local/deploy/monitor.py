"""Pulumi's resource monitor in this process: the object the SDK registers resources with.

The methods are those of the CLI's own protocol (pulumirpc.ResourceMonitor), with its names.
"""
# ruff: noqa: N802

from __future__ import annotations

from typing import Any

import pulumi
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import resource_pb2 as pb
from pulumi.runtime.proto.provider_pb2 import CheckFailure

from local.deploy.backend import Backend
from local.deploy.config import Project
from local.deploy.invokes import answer
from local.deploy.naming import STACK, types_of
from local.deploy.record import Record
from local.deploy.registrar import Registrar
from local.deploy.transforms import Transforms
from local.deploy.values import opened, read, shown

# Resource references and output values are left out: without them a resource that is passed as
# a value arrives as its id, which is what providers take.
_FEATURES = [
    pb.RESOURCE_MONITOR_FEATURE_SECRETS,
    pb.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    pb.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    pb.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    pb.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
]


class Monitor:
    """Answers the SDK's calls; they come from several threads at once."""

    def __init__(self, project: Project, backend: Backend, record: Record) -> None:
        self._project = project
        self._backend = backend
        self._record = record
        self._transforms = Transforms()
        self._registrar = Registrar(project, backend, record, self._transforms)

    def GetDeploymentInfo(self, _: Any) -> Any:
        """Tells the SDK what this monitor can do."""
        return pb.DeploymentInfo(
            project=self._project.name,
            stack=self._project.stack,
            dryRun=self._backend.dry_run,
            supportedFeatures=_FEATURES,
        )

    def RegisterStackTransform(self, callback: Any) -> Any:
        """Takes a transform that holds for every later resource."""
        self._transforms.add_to_stack(callback)
        return empty_pb2.Empty()

    def RegisterPackage(self, _: Any) -> Any:
        """Accepts any provider package: creators are found by type token."""
        return pb.RegisterPackageResponse(ref="local")

    def SignalAndWaitForShutdown(self, _: Any) -> Any:
        """Returns at once: no resource hook waits to be run."""
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:
        """Answers a provider function."""
        values = answer(request.tok, self._backend)
        if values is None:
            refusal = CheckFailure(
                reason="the local cloud does not answer it", property="see local/deploy/invokes.py"
            )
            return pb.ResourceInvokeResponse(failures=[refusal])
        struct = struct_pb2.Struct()
        struct.update(values)
        return pb.ResourceInvokeResponse(**{"return": struct})

    def ReadResource(self, request: Any) -> Any:
        """Refuses to adopt what this program did not create: the local cloud starts empty."""
        raise pulumi.RunError(
            f"{request.type} {request.name!r} cannot be read: the cloud holds only this program's"
            " own resources"
        )

    def RegisterResource(self, request: Any) -> Any:
        """Registers a resource and, unless it is a component, has it created."""
        return self._registrar.register(request)

    def RegisterResourceOutputs(self, request: Any) -> Any:
        """Takes the outputs of a component or of the stack."""
        outputs = read(request.outputs, self._project.root)
        self._record.finish(request.urn, None, shown(outputs))
        if types_of(request.urn) == STACK:
            self._record.outputs = opened(outputs)
        return empty_pb2.Empty()
