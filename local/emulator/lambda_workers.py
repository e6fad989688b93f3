"""Execution environments of Python functions: one process each, reused while it lives.

Takes the place of ministack's own worker, whose processes see the host's packages and environment,
lose the exception's class, die with every exception and wait 50 ms for log lines.
"""

import contextlib
import json
import os
import queue
import selectors
import shutil
import signal
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

from ministack.services import lambda_svc

from local.emulator import failed_starts, lambda_files, lambda_processes
from local.emulator.lambda_environment import environment
from local.emulator.lambda_processes import FunctionProcess
from local.emulator.lambda_worker import END_MARK

_INIT_SECONDS = 10.0  # AWS's limit of the init phase
_LOG_SECONDS = 1.0
_LARGEST_ANSWER = 6 * 1024 * 1024 + 100  # bytes; AWS's synchronous payload limit
_TIMED_OUT = "Sandbox.Timedout"
_WHEN_EXITED = "RequestId: {} Error: Runtime exited {}"


class TimedOutError(Exception):
    """No answer came before the deadline."""


class PythonWorker:
    """One execution environment; ministack's pool leases it, reads its fields and kills it."""

    def __init__(self, func_name: str, config: Mapping[str, Any], code_zip: bytes) -> None:
        self.func_name = func_name
        self.config = config
        self.code_zip = code_zip
        self.in_use = False
        self.last_used = time.time()
        self._process: _Process | None = None

    @property
    def _proc(self) -> FunctionProcess | None:
        return self._process.popen if self._process else None

    @_proc.setter
    def _proc(self, _nothing: None) -> None:
        """Ministack's pool takes the process away, and ends it itself."""
        if self._process:
            self._process.remove_files()
        self._process = None

    def invoke(
        self,
        event: Any,
        request_id: str,
        *,
        trace_id: str | None = None,
        invoked_function_arn: str | None = None,
        **_unused: Any,
    ) -> dict[str, Any]:
        """Run one invocation.

        Returns:
            `{"status": "ok", "result", "log"}` or `{"status": "error", "error_payload", "log"}`,
            where the payload is the document Lambda answers with.
        """
        request = {
            "event": event,
            "requestId": request_id,
            "arn": invoked_function_arn or self.config["FunctionArn"],
            "traceId": trace_id,
        }
        process, answer = self._loaded(request)
        if answer is not None:
            return self._not_started(process, answer, request_id)
        process.send({**request, "deadline": time.time() + self._seconds})
        answer = self._read(process, self._seconds, request_id)
        if answer.pop("fatal", False):
            self.kill()
        return _outcome(answer, request_id, process.log())

    def kill(self) -> None:
        """End the process, if any, at once."""
        if self._process:
            self._process.kill()
            self._process = None

    def _discard_tmpdir(self) -> None:
        """Asked for by ministack's pool; the folder went when the process was released."""

    @property
    def _seconds(self) -> int:
        return int(self.config.get("Timeout", 3))

    def _loaded(self, request: dict[str, Any]) -> "tuple[_Process, dict[str, Any] | None]":
        """The process, its handler loaded, or with the error that it could not be."""
        if self._process is not None and self._process.popen.poll() is None:
            return self._process, None
        self.kill()
        process = self._process = _Process(self.config, self.code_zip)
        loaded = self._read(process, _INIT_SECONDS + self._seconds, request["requestId"])
        return process, loaded if "error" in loaded else None

    def _not_started(
        self, process: "_Process", answer: dict[str, Any], request_id: str
    ) -> dict[str, Any]:
        """The outcome of an invocation whose process ended, or took too long, before it served.

        One that was killed on purpose, and one that a busy machine was too slow for, would start
        another time.
        """
        ended = not process.popen.was_killed and answer["error"]["errorType"] != _TIMED_OUT
        self.kill()
        outcome = _outcome(answer, request_id, process.log())
        if ended:
            output = outcome["log"] + process.popen.server_log()
            failed_starts.record(self.func_name, outcome["error_payload"], output)
        return outcome

    def _read(self, process: "_Process", seconds: float, request_id: str) -> dict[str, Any]:
        try:
            line = process.read(seconds)
        except TimedOutError:
            timeout = f"Task timed out after {self._seconds:.2f} seconds"
            return _failure(_TIMED_OUT, f"RequestId: {request_id} Error: {timeout}")
        if not line:
            return _exited(process.popen.wait(), request_id)
        if len(line) > _LARGEST_ANSWER:
            return _failure(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
            )
        answer: dict[str, Any] = json.loads(line)
        return answer


class _Process:
    """The process of a function, its log, and the pipe its answers come through."""

    def __init__(self, config: Mapping[str, Any], code_zip: bytes) -> None:
        task_root, self._scratch = lambda_files.unpacked(code_zip), lambda_files.scratch()
        ours, theirs = os.pipe()
        self._answers = os.fdopen(ours, "rb", buffering=0)
        variables = environment(config, task_root, self._scratch)
        self.popen = lambda_processes.start(_layer_folders(config), task_root, variables, theirs)
        os.close(theirs)
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._pump, daemon=True).start()

    def send(self, request: dict[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError):  # reading the answer tells how it died
            self.popen.stdin.write(json.dumps(request).encode() + b"\n")
            self.popen.stdin.flush()

    def read(self, seconds: float) -> bytes:
        """One line, or nothing if the process ended.

        Raises:
            TimedOutError: neither happened in time.
        """
        deadline, line = time.monotonic() + seconds, b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._answers, selectors.EVENT_READ)
            while not line.endswith(b"\n"):
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise TimedOutError
                chunk = self._answers.read(1 << 16)
                if not chunk:
                    return b""
                line += chunk
        return line

    def log(self) -> str:
        """What was logged up to the end mark, or the end of the process."""
        lines: list[str] = []
        with contextlib.suppress(queue.Empty):
            while (line := self._lines.get(timeout=_LOG_SECONDS)) != END_MARK:
                lines.append(line)
        return "\n".join(lines)

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()
        self._answers.close()
        self.remove_files()

    def remove_files(self) -> None:
        """Remove what the function wrote to its `/tmp`."""
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _pump(self) -> None:
        for line in self.popen.stdout:
            self._lines.put(line.decode(errors="replace").rstrip("\n"))
        self._lines.put(END_MARK)


def _layer_folders(config: Mapping[str, Any]) -> list[str]:
    """The folders that AWS's runtime searches below each layer, `/opt`."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    folders: list[str] = []
    for layer in config.get("Layers") or []:
        archive = lambda_svc._resolve_layer_zip(layer)
        if archive:
            root = lambda_files.unpacked(archive) / "python"
            folders += [str(root / "lib" / version / "site-packages"), str(root)]
    return folders


def _exited(status: int, request_id: str) -> dict[str, Any]:
    reason = f"with error: exit status {status}" if status else "without providing a reason"
    if status < 0:
        reason = f"with error: signal: {(signal.strsignal(-status) or 'unknown').lower()}"
    return _failure("Runtime.ExitError", _WHEN_EXITED.format(request_id, reason))


def _failure(kind: str, message: str) -> dict[str, Any]:
    """An error of the environment, after which it is not used again."""
    return {"error": {"errorType": kind, "errorMessage": message}, "fatal": True}


def _outcome(answer: dict[str, Any], request_id: str, log: str) -> dict[str, Any]:
    if "error" not in answer:
        return {"status": "ok", "result": answer["result"], "log": log}
    document = answer["error"]
    if "stackTrace" in document:
        document = {
            "errorMessage": document["errorMessage"],
            "errorType": document["errorType"],
            "requestId": request_id,
            "stackTrace": document["stackTrace"],
        }
    return {"status": "error", "error_payload": document, "log": log}
