"""A faster clock for state machines.

Waits, heartbeats, task-token timeouts and the machine's timeout pass `scale` times faster, pauses
between retries a hundred times faster again; history keeps the declared seconds. The timeouts of
Lambda functions and of service calls are real: the work they bound takes real time.
"""

import math
import threading
import time
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.program import program
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function import wait_function
from moto.stepfunctions.parser.asl.eval.callback import callback

from local.emulator import hurrying

_TOKEN_TASK = state_task_service_callback.StateTaskServiceCallback
_LONGEST = threading.TIMEOUT_MAX
_REDELIVERY_SECONDS = 0.2
_RETRIES_FASTER = 100
"""Ten retries, a second doubling up to a minute, last 303 s: a sixth of one at a scale of 20."""

_factor = 1.0


def scale(factor: float) -> None:
    """Make every wait of moto's engine pass this many times faster."""
    global _factor
    _factor = factor
    callback.Event = _scaled_event(factor)
    retrier_decl.time = SimpleNamespace(sleep=_scaled_pause(factor))
    program.threading = _with(threading, Thread=_scaled_thread(factor))
    wait_function.WaitFunction._wait_interval = _scaled_wait(factor)
    _TOKEN_TASK._eval_wait_for_task_token = _scaled_token_wait(factor)


def is_faster() -> bool:
    """Whether waits pass faster than real time."""
    return _factor > 1


def redelivery_seconds(declared: float) -> float:
    """The seconds until what a function failed comes again: few while waits pass faster."""
    return min(declared, _REDELIVERY_SECONDS) if is_faster() else declared


def _scaled_pause(factor: float) -> Callable[[float], None]:
    """Pauses before a retry; the engine has applied the rule's backoff, limit and jitter."""
    faster = factor * _RETRIES_FASTER if factor > 1 else factor
    return lambda seconds: time.sleep(seconds / faster)


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
        execution = env.states.context_object.context_object_data["Execution"]["Id"]
        signal, beat = callback_endpoint._notify_event, math.inf
        if heartbeat_endpoint is not None:
            signal = heartbeat_endpoint._next_heartbeat_event  # an answer sets it too
            beat = heartbeat_endpoint._heartbeat_seconds / factor
        end = time.monotonic() + timeout_seconds / factor
        while env.is_running():
            if outcome := callback_endpoint.get_outcome():
                return outcome  # perhaps from before the wait, if the call itself led to it
            left = end - time.monotonic()
            if hurrying.came_in_time(signal, min(left, beat), execution):
                signal.clear()
            elif beat < left and callback_endpoint.get_outcome() is None:
                return callback.HeartbeatTimedOut()
            else:
                break
        timed_out = callback.CallbackOutcomeTimedOut(callback_endpoint.callback_id)
        return callback_endpoint.get_outcome() or timed_out

    return wait_for_token


def _with(module: ModuleType, **replaced: Any) -> SimpleNamespace:
    return SimpleNamespace(**{**vars(module), **replaced})
