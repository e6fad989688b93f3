"""Serves the providers to an engine that attaches to them, on a free port of loopback."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from local.deploy.backend import AwsClients
from local.engine.provider import Provider

ATTACH = "PULUMI_DEBUG_PROVIDERS"
"""The environment variable that names providers which the engine is to attach to, with ports."""

_PACKAGES = ("aws", "random")
_AT_ONCE = 16
_LARGEST = 64 << 20  # bytes of a message: a resource's properties
_OPTIONS = [
    ("grpc.max_receive_message_length", _LARGEST),
    ("grpc.max_send_message_length", _LARGEST),
]


@contextmanager
def providers(cloud: AwsClients, root: Path) -> Iterator[dict[str, str]]:
    """Serve both providers while this is entered.

    Args:
        cloud: where resources are made.
        root: the folder that the program runs in, from which paths of archives start.

    Yields:
        the environment that an engine needs to find them.
    """
    server = grpc.server(ThreadPoolExecutor(_AT_ONCE), options=_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(cloud, root), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield {ATTACH: ",".join(f"{package}:{port}" for package in _PACKAGES)}
    finally:
        server.stop(grace=None).wait()
