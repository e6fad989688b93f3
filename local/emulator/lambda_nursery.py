"""Forks functions' processes off one that has already imported what most of them use.

A script: it imports nothing of ours but the worker beside it. Started isolated (`-I -S`), as
`lambda_nursery.py SOCKET PACKAGES RUNTIME`, once for every set of layers.

The socket brings one byte and four file descriptors for each process: its standard input, its log,
its answers, and its status. The first line of its input is JSON, `{"cwd", "environment"}`. To its
status go two lines: its process id, and, once it ended, its exit status (-N: killed by signal N).
"""

import contextlib
import functools
import gc
import importlib
import importlib.util
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_SHARED = ("boto3", "aws_lambda_powertools", "aws_xray_sdk.core")
_SERVICES = ("dynamodb", "events", "s3", "secretsmanager", "sesv2", "sqs", "stepfunctions")
_DESCRIPTORS = 4


def main(control: socket.socket, packages: list[str], runtime: str) -> None:
    """Fork a process for every request until the socket closes."""
    sys.path[:0] = packages
    sys.path.append(runtime)
    gc.disable()
    imported = _import_shared()
    with contextlib.suppress(Exception):  # a layer's own boto3 may be another, or broken
        _read_models()
    gc.enable()
    gc.freeze()  # or a child's first collection would copy every page that it shares with this one
    statuses: dict[int, int] = {}
    woken, wake = _woken_by_endings()
    selector = selectors.DefaultSelector()
    for source in (control.fileno(), woken):
        selector.register(source, selectors.EVENT_READ)
    while True:
        ready = {key.fd for key, _ in selector.select()}
        if woken in ready:
            os.read(woken, 512)
            _report_ended(statuses)
        if control.fileno() in ready:
            asked, received, _, _ = socket.recv_fds(control, 1, _DESCRIPTORS)
            if not asked:
                return
            if not (child := os.fork()):
                *theirs, status = received
                _redirect(*theirs[:2])
                selector.close()
                _forget(control, (woken, wake, status, *statuses.values()))
                _become_function(theirs[2], imported)
                return
            _keep(child, received, statuses)


def _woken_by_endings() -> tuple[int, int]:
    """A pipe, whose first end can be read once a child has ended."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    return woken, wake


def _keep(child: int, received: list[int], statuses: dict[int, int]) -> None:
    *theirs, status = received
    os.write(status, b"%d\n" % child)
    statuses[child] = status
    for descriptor in theirs:
        os.close(descriptor)


def _import_shared() -> set[str]:
    """Import what can be found of it; the top-level names of all that this loaded."""
    before = set(sys.modules)
    for name in _SHARED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    return {name.partition(".")[0] for name in set(sys.modules) - before}


def _read_models() -> None:
    """Let boto3 read AWS's models of the usual services here, once, and not in every process.

    The clients are made of nothing that a function could meet: a session, credentials and
    configuration of their own.
    """
    import boto3
    from botocore.loaders import JSONFileLoader

    read = functools.cache(JSONFileLoader().load_file)
    JSONFileLoader.load_file = staticmethod(read)
    for service in _SERVICES:
        boto3.Session("none", "none", region_name="us-east-1").client(service)


def _report_ended(statuses: dict[int, int]) -> None:
    for child in list(statuses):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            descriptor = statuses.pop(child)
            with contextlib.suppress(BrokenPipeError):
                os.write(descriptor, b"%d\n" % os.waitstatus_to_exitcode(status))
            os.close(descriptor)


def _redirect(standard_input: int, log: int) -> None:
    """In the new process, and first there: whatever goes wrong from here on is in its log."""
    for source, target in ((standard_input, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    for descriptor in (standard_input, log):
        os.close(descriptor)


def _forget(control: socket.socket, descriptors: Iterable[int]) -> None:
    """In the new process: let go of what is the nursery's."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)  # says nothing of the pipe: asyncio's own hook may have been first
    control.close()
    for descriptor in descriptors:
        os.close(descriptor)


def _become_function(answers: int, imported: set[str]) -> None:
    given = json.loads(sys.stdin.readline())
    os.environ.clear()
    os.environ.update(given["environment"])
    time.tzset()
    os.chdir(given["cwd"])
    _forget_hidden(Path(given["cwd"]), imported)
    with os.fdopen(answers, "w") as pipe:
        _worker().main(pipe)


def _forget_hidden(archive: Path, imported: set[str]) -> None:
    """A package of the archive's own comes before the one that was imported for all."""
    own = {name for name in imported if _has(archive, name)}
    for module in [name for name in sys.modules if name.partition(".")[0] in own]:
        del sys.modules[module]


def _has(archive: Path, name: str) -> bool:
    return (archive / name).is_dir() or (archive / f"{name}.py").exists()


def _worker() -> Any:
    path = Path(__file__).with_name("lambda_worker.py")
    spec = importlib.util.spec_from_file_location("lambda_worker", path)
    assert spec is not None  # noqa: S101 - the file stands beside this one
    assert spec.loader is not None  # noqa: S101 - as above
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), json.loads(sys.argv[2]), sys.argv[3])
