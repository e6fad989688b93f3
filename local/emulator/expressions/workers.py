"""Evaluates expressions in processes of their own, so that none can harm the server.

One process answers faster than the server asks. Another is started when no answer came for longer
than an evaluation takes, which is when those that run have endless expressions.
"""

import contextlib
import json
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

from local.emulator.expressions import frames, numbers, worker
from local.emulator.expressions.failure import OUT_OF_MEMORY, OUT_OF_TIME, JsonataError

MOST = 8
"""Processes at once: so many endless expressions delay no other."""

_PATIENCE_SECONDS = 0.5
COMMAND = (sys.executable, "-m", worker.__name__)
_ENDED = {-signal.SIGXCPU: OUT_OF_TIME, -signal.SIGKILL: OUT_OF_MEMORY}


class _Died(Exception):
    """A process ended before it answered; the text says why, as the evaluator would."""


class _Process:
    """One process that evaluates."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - the command is our own
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        pipes = (self._process.stdin, self._process.stdout)
        self.pid = self._process.pid
        self._questions, self._answers = (pipe.fileno() for pipe in pipes if pipe)

    def ask(self, expression: str, variables: str) -> tuple[str, str]:
        """The kind and the text of an answer.

        Raises:
            _Died: there is none.
        """
        with contextlib.suppress(BrokenPipeError):
            frames.send(self._questions, expression, variables)
        answer = frames.receive(self._answers)
        if answer is None:
            why = _ENDED.get(self._process.wait(), "The evaluator ended.")
            raise _Died(f"threw an error during evaluation: {why}")
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        with self._process:
            pass


class Workers:
    """The processes that evaluate for one server."""

    def __init__(self) -> None:
        self._idle: queue.LifoQueue[_Process] = queue.LifoQueue()
        self._all: set[_Process] = set()
        self._lock = threading.Lock()
        self._answered = 0

    def warm(self) -> None:
        """Start a process before there is anything to evaluate."""
        if process := self._start():
            self._idle.put(process)

    def evaluate(self, expression: str, variables: str) -> Any:
        """The JSON value of an expression.

        Args:
            expression: JSONata, without the surrounding `{% %}`.
            variables: a JSON document, the values by name, without the dollar sign.

        Raises:
            JsonataError: it does not parse, fails, yields nothing or something that is not JSON,
                or takes more time or memory than AWS allows.
        """
        with self._taken() as process:
            kind, text = process.ask(expression, variables)
            self._answered += 1
            if kind == worker.LAST:
                raise _Died(text)
        if kind == worker.FAILED:
            raise JsonataError(text)
        return json.loads(text, parse_float=numbers.read)

    def close(self) -> None:
        """End every process."""
        with self._lock:
            ended, self._all = self._all, set()
        for process in ended:
            process.close()

    def running(self) -> list[int]:
        """The ids of the processes."""
        with self._lock:
            return [process.pid for process in self._all]

    @contextlib.contextmanager
    def _taken(self) -> Iterator[_Process]:
        """An idle process, which is idle again afterwards unless it died."""
        process = self._next()
        try:
            yield process
        except _Died as error:
            with self._lock:
                self._all.discard(process)
            process.close()
            raise JsonataError(str(error)) from None
        self._idle.put(process)

    def _next(self) -> _Process:
        while True:
            answered = self._answered
            with contextlib.suppress(queue.Empty):
                return self._idle.get(timeout=_PATIENCE_SECONDS if self._all else 0)
            if answered == self._answered and (process := self._start()):
                return process

    def _start(self) -> _Process | None:
        """A new process, unless there are enough."""
        with self._lock:
            if len(self._all) >= MOST:
                return None
            process = _Process()
            self._all.add(process)
            return process
