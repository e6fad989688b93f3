"""The part of a provider that is about itself: what it can do, its settings and its functions.

The methods are those of the CLI's own protocol (pulumirpc.ResourceProvider), with its names; see
https://pulumi-developer-docs.readthedocs.io/latest/docs/architecture/providers/README.html.
"""
# ruff: noqa: N802

from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as pb

from local.deploy.backend import AwsClients
from local.deploy.changing import Changer
from local.deploy.cloud_backend import CloudBackend
from local.deploy.invokes import answer
from local.engine.wire import plain, struct


class Service(provider_pb2_grpc.ResourceProviderServicer):
    """Plays the providers `aws` and `random` alike, without their resources."""

    def __init__(self, cloud: AwsClients, root: Path) -> None:
        self.backend = CloudBackend(cloud)
        self.changer = Changer(self.backend)
        self.root = root

    def Handshake(self, _request: Any, _context: Any) -> Any:
        """Takes plain values: secrets come open, and the engine closes them again."""
        return pb.ProviderHandshakeResponse(supports_autonaming_configuration=True)

    def Attach(self, _request: Any, _context: Any) -> Any:
        """Takes note of an engine that found this provider running."""
        return empty_pb2.Empty()

    def Cancel(self, _request: Any, _context: Any) -> Any:
        """Has nothing to cancel: every call ends soon."""
        return empty_pb2.Empty()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:
        """Leaves the version to the engine."""
        return plugin_pb2.PluginInfo()

    def CheckConfig(self, request: Any, _context: Any) -> Any:
        """Refuses settings that the embedded cloud cannot honour."""
        names = [key for key in plain(request.news) if key != "version"]
        refused = self.backend.refused_settings(f"aws:{name}" for name in names)
        reason = "the local cloud does not honour it"
        failures = [pb.CheckFailure(property=key, reason=reason) for key in refused]
        return pb.CheckResponse(inputs=request.news, failures=failures)

    def DiffConfig(self, _request: Any, _context: Any) -> Any:
        """Sees no difference: the cloud is the same."""
        return pb.DiffResponse(changes=pb.DiffResponse.DIFF_NONE)

    def Configure(self, _request: Any, _context: Any) -> Any:
        """Asks to be called in previews too."""
        return pb.ConfigureResponse(supportsPreview=True, supports_autonaming_configuration=True)

    def Invoke(self, request: Any, context: Any) -> Any:
        """Answers a provider function."""
        values = answer(request.tok, self.backend)
        if values is None:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{request.tok} is not answered here")
        return pb.InvokeResponse(**{"return": struct(values or {})})
