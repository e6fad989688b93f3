"""Pulumi's engine interface in this process: it receives the program's log messages.

The methods are those of the CLI's own protocol (pulumirpc.Engine), with its names.
"""
# ruff: noqa: N802

from __future__ import annotations

import logging
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2

from local.deploy.record import Record

LOG = logging.getLogger("local.deploy.program")
_LEVELS = {engine_pb2.INFO: logging.INFO, engine_pb2.WARNING: logging.WARNING}


class Engine:
    """Passes messages on to `logging`; a logged error fails the run, as under the CLI."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def Log(self, request: Any) -> Any:
        """Takes one message."""
        if request.severity == engine_pb2.ERROR:
            self._record.fail(request.message)
        else:
            LOG.log(_LEVELS.get(request.severity, logging.DEBUG), "%s", request.message)
        return empty_pb2.Empty()

    def RequirePulumiVersion(self, _: Any) -> Any:
        """Accepts any required version of the CLI, for there is none."""
        return engine_pb2.RequirePulumiVersionResponse()
