"""Starts the server under its guard, in the process that uses the cloud."""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.command_error import CommandError
from local.extras import require_embedded_cloud

_ROOT = Path(__file__).parents[2]
_GUARD = Path(__file__).with_name("guard.py")
_SERVER = ("-m", "local.emulator.server")
_START_SECONDS = 60.0
_STOP_SECONDS = 15.0
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR")


class CloudError(CommandError):
    """The embedded cloud could not start; the sentence says why, or carries the end of its log."""


@dataclass(frozen=True)
class ServerProcess:
    """A guard, the server below it, and the port that server listens on."""

    guard: "subprocess.Popen[bytes]"
    port: int

    @classmethod
    def start(cls, settings: Mapping[str, str]) -> "ServerProcess":
        """Start a server with these environment variables and wait until it answers.

        Raises:
            CloudError: it died, may not listen, or said nothing for a minute.
            MissingExtra: packages that it needs are not installed.
        """
        require_embedded_cloud()
        guard = _start_guard(settings)
        try:
            return cls(guard, _await_port(guard))
        except BaseException:
            _stop(guard)
            raise

    @property
    def is_running(self) -> bool:
        """Whether the server lives; its guard ends with it."""
        return self.guard.poll() is None

    def stop(self) -> None:
        """End the server and everything it started. Idempotent."""
        _stop(self.guard)


def _start_guard(settings: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - the command is our own
        [sys.executable, "-I", "-S", str(_GUARD), sys.executable, *_SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the user of the cloud, who then closes it
        env={**kept, **settings, "PYTHONPATH": str(_ROOT)},
        cwd="/",
    )


def _await_port(guard: "subprocess.Popen[bytes]") -> int:
    report = json.loads(_first_line(guard) or b"{}")
    if "refused" in report:
        raise CloudError(report["refused"])
    if "port" not in report:
        raise CloudError(
            f"The embedded cloud's server ended with status {report.get('died')} while starting. "
            f"End of its log:\n{report.get('log', '(none)')}"
        )
    return int(report["port"])


def _first_line(guard: "subprocess.Popen[bytes]") -> bytes:
    assert guard.stdout is not None  # noqa: S101 - it was asked for as a pipe
    deadline = time.monotonic() + _START_SECONDS
    line = b""
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([guard.stdout], [], [], deadline - time.monotonic())
        if not ready:
            raise CloudError(f"The embedded cloud's server was silent for {_START_SECONDS:g} s.")
        chunk = os.read(guard.stdout.fileno(), 65536)
        if not chunk:
            break
        line += chunk
    return line


def _stop(guard: "subprocess.Popen[bytes]") -> None:
    for pipe in (guard.stdin, guard.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    try:
        guard.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        guard.kill()
        guard.wait()
