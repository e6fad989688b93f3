"""A faster clock for state machines.

Waits, retry intervals, heartbeats, task-token timeouts and the machine's timeout pass `scale`
times faster; history keeps the declared seconds. The timeouts of Lambda functions and of service
calls are real: the work they bound takes real time.
"""

import threading
import time
from types import ModuleType, SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.program import program
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function import wait_function
from moto.stepfunctions.parser.asl.eval.callback import callback

_TOKEN_TASK = state_task_service_callback.StateTaskServiceCallback
_LONGEST = threading.TIMEOUT_MAX


def scale(factor: float) -> None:
    """Make every wait of moto's engine pass this many times faster."""
    callback.Event = _scaled_event(factor)
    retrier_decl.time = SimpleNamespace(sleep=lambda seconds: time.sleep(seconds / factor))
    program.threading = _with(threading, Thread=_scaled_thread(factor))
    wait_function.WaitFunction._wait_interval = _scaled_wait(factor)
    _TOKEN_TASK._eval_wait_for_task_token = _scaled_token_wait(factor)


def _scaled_event(factor: float) -> type[threading.Event]:
    class ScaledEvent(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            return super().wait(None if timeout is None else min(timeout / factor, _LONGEST))

    return ScaledEvent


def _scaled_thread(factor: float) -> type[threading.Thread]:
    class ScaledThread(threading.Thread):
        def join(self, timeout: float | None = None) -> None:
            super().join(None if timeout is None else min(timeout / factor, _LONGEST))

    return ScaledThread


def _scaled_wait(factor: float) -> Any:
    """Waits to a deadline; the engine's own counts whole seconds and never ends a fraction."""

    def wait_interval(_self: Any, env: Any, wait_seconds: float) -> None:
        end = time.monotonic() + wait_seconds / factor
        while env.is_running() and (left := end - time.monotonic()) > 0:
            env.program_state_event.wait(left)

    return wait_interval


def _scaled_token_wait(factor: float) -> Any:
    """Waits for an answer until the task's timeout; the engine's own forgets it for heartbeats."""

    def wait_for_token(
        _self: Any,
        env: Any,
        timeout_seconds: float,
        callback_endpoint: Any,
        heartbeat_endpoint: Any,
    ) -> Any:
        if heartbeat_endpoint is None:
            outcome = callback_endpoint.wait(timeout_seconds)
            return outcome or callback.CallbackOutcomeTimedOut(callback_endpoint.callback_id)
        interval = heartbeat_endpoint._heartbeat_seconds
        end = time.monotonic() + timeout_seconds / factor
        while env.is_running() and (left := end - time.monotonic()) > 0:
            heartbeat_endpoint._heartbeat_seconds = min(interval, left * factor)
            came = heartbeat_endpoint.clear_and_wait()
            if outcome := callback_endpoint.get_outcome():
                return outcome
            if not came and time.monotonic() < end:
                return callback.HeartbeatTimedOut()
        return callback.CallbackOutcomeTimedOut(callback_endpoint.callback_id)

    return wait_for_token


def _with(module: ModuleType, **replaced: Any) -> SimpleNamespace:
    return SimpleNamespace(**{**vars(module), **replaced})
