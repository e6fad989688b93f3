"""Processes for functions, each forked off one that has imported their layers' packages."""

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from local.emulator import lambda_files

_SCRIPT = Path(__file__).with_name("lambda_nursery.py")
_KILLED = -signal.SIGKILL
_ENVIRONMENT = {
    "LAMBDA_TASK_ROOT": "/var/task",  # what is imported asks whether it runs in Lambda
    "AWS_XRAY_SDK_ENABLED": "false",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "LANG": "en_US.UTF-8",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
}

_processes: "weakref.WeakSet[FunctionProcess]" = weakref.WeakSet()
_nurseries: dict[tuple[str, ...], "_Nursery"] = {}
_starting = threading.Lock()


class FunctionProcess:
    """A process of a function; it ends, and is waited for, like a `subprocess.Popen`."""

    def __init__(
        self, standard_input: int, log: int, status: int, server_log: Path | None = None
    ) -> None:
        self.stdin: BinaryIO = os.fdopen(standard_input, "wb")
        self.stdout: BinaryIO = os.fdopen(log, "rb")
        self._status: BinaryIO = os.fdopen(status, "rb")
        self._waiting = threading.Lock()
        self._exit_status: int | None = None
        self._server_log = server_log
        self._is_orphan = False
        self.was_killed = False
        self._pid = int(self._status.readline() or 0)
        _processes.add(self)

    def poll(self) -> int | None:
        """The exit status, -N if signal N killed it; None while it runs."""
        with self._waiting:
            if self._exit_status is None and _can_be_read(self._status):
                line = self._status.readline()
                self._exit_status = int(line or _KILLED)
                self._status.close()
                if not line:  # the nursery died: nobody will tell how this one ends
                    self._is_orphan = True
                    self._kill()
        return self._exit_status

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once it ended.

        Raises:
            subprocess.TimeoutExpired: it did not within so many seconds.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if deadline is not None and time.monotonic() >= deadline:
                raise subprocess.TimeoutExpired(str(self._pid), timeout or 0)
            time.sleep(0.002)
        return status

    def kill(self) -> None:
        """End it at once, if it still runs; `was_killed` tells that it was so ended."""
        if self.poll() is None:
            self.was_killed = True
            self._kill()

    terminate = kill

    def server_log(self) -> str:
        """What the process that it was forked off wrote, if that has died; else nothing."""
        if not self._is_orphan or self._server_log is None:
            return ""
        return self._server_log.read_text(errors="replace")

    def _kill(self) -> None:
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)


def crash(chosen: float) -> bool:
    """Kill a process of some function, as a crash would; False where none runs.

    Args:
        chosen: which, from 0 to below 1.
    """
    running = [process for process in list(_processes) if process.poll() is None]
    if running:
        running[int(chosen * len(running))].kill()
    return bool(running)


def _can_be_read(pipe: BinaryIO) -> bool:
    with selectors.DefaultSelector() as selector:  # `select.select` knows 1,024 descriptors only
        selector.register(pipe, selectors.EVENT_READ)
        return bool(selector.select(0))


class _Nursery:
    """The process that forks for one set of layers."""

    def __init__(self, packages: Iterable[str]) -> None:
        self._ours, theirs = socket.socketpair()
        script = [sys.executable, "-I", "-S", "-u", str(_SCRIPT), str(theirs.fileno())]
        descriptor, name = tempfile.mkstemp(prefix="fork-server-", suffix=".log")
        self._log = Path(name)
        with os.fdopen(descriptor, "wb") as log:
            self.popen = subprocess.Popen(  # noqa: S603 - the command is our own
                [*script, json.dumps(list(packages)), str(lambda_files.runtime())],
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(theirs.fileno(),),
            )
        theirs.close()

    def fork(self, answers: int) -> FunctionProcess:
        pipes = [os.pipe() for _ in range(3)]
        (reads, writes), (log, logs), (status, statuses) = pipes
        socket.send_fds(self._ours, [b"\0"], [reads, logs, answers, statuses])
        for sent in (reads, logs, statuses):
            os.close(sent)
        return FunctionProcess(writes, log, status, self._log)


def start(
    packages: Iterable[str], cwd: Path, environment: Mapping[str, str], answers: int
) -> FunctionProcess:
    """Start a process that serves `lambda_worker`'s protocol.

    Args:
        packages: the folders of the function's layers.
        cwd: the folder of its archive.
        environment: its variables, and no others.
        answers: the file descriptor its answers go to.
    """
    process = _nursery(tuple(packages)).fork(answers)
    given = {"cwd": str(cwd), "environment": dict(environment)}
    with contextlib.suppress(BrokenPipeError):  # reading the answer tells how it died
        process.stdin.write(json.dumps(given).encode() + b"\n")
        process.stdin.flush()
    return process


def _nursery(packages: tuple[str, ...]) -> _Nursery:
    with _starting:
        known = _nurseries.get(packages)
        if known is None or known.popen.poll() is not None:
            known = _nurseries[packages] = _Nursery(packages)
        return known
