"""Outlives the process that uses the cloud, just long enough to clean up after it.

Run as a script by `local.emulator.process`: `guard.py COMMAND...`. It gives the command a temporary
folder and a process group of its own, and ends both when its standard input closes (the user
of the cloud is gone, however it died), when it is told to stop, or when the command dies. Nothing
but the standard library is imported, so that it is there before the server starts.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

_POLL_SECONDS = 0.25
_LOG_TAIL_BYTES = 4000


class _Told(Exception):
    """The guard was told to stop."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _Told


def main(command: list[str]) -> int:
    """Run the command until somebody is gone, then leave nothing behind."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    folder = Path(tempfile.mkdtemp(prefix="orders-cloud-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        log = folder / "server.log"
        server = _start(command, folder, log)
        _watch(server)
        if server.poll() is not None:
            _report_death(server.returncode, log)
    except _Told:
        return 0
    finally:
        _ignore_signals()
        _end(server, folder)
    return 1


def _start(command: list[str], folder: Path, log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as errors:
        return subprocess.Popen(  # noqa: S603 - the command is our own
            command,
            stdin=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
            env={**os.environ, "TMPDIR": str(folder), "HOME": str(folder)},
        )


def _watch(server: "subprocess.Popen[bytes]") -> None:
    """Return when the user of the cloud or the server is gone.

    The parent's id is watched too: a process the user forked may hold the pipe open.
    """
    parent = os.getppid()
    while server.poll() is None and os.getppid() == parent:
        readable, _, _ = select.select([sys.stdin], [], [], _POLL_SECONDS)
        if readable:
            return


def _report_death(status: int, log: Path) -> None:
    tail = log.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace")
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps({"died": status, "log": tail}), flush=True)  # noqa: T201 - the protocol


def _ignore_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _end(server: "subprocess.Popen[bytes] | None", folder: Path) -> None:
    if server is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.05)  # a worker that is still dying may write one more file


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
