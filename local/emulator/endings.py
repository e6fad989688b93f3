"""An execution ends at once, and once; and whoever waits for it is told."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.api import (
    ExecutionAbortedEventDetails,
    ExecutionStatus,
    HistoryEventType,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.responses import get_backend

from local.emulator import failed_starts
from local.emulator.settings import ACCOUNT, REGION

_LAST = frozenset(
    {
        HistoryEventType.ExecutionSucceeded,
        HistoryEventType.ExecutionFailed,
        HistoryEventType.ExecutionAborted,
        HistoryEventType.ExecutionTimedOut,
    }
)
_REDRIVEN = HistoryEventType.ExecutionRedriven
_BEGIN_SECONDS = 1.0
_LOOK_SECONDS = 0.005


def has_ended(execution: Any) -> bool:
    """Whether the execution has its final status."""
    return execution.exec_status not in (None, ExecutionStatus.RUNNING)


def running() -> list[str]:
    """The ARNs of the executions that run, of every machine."""
    known = (each for machine in _machines() for each in list(machine.executions))
    return [str(each.execution_arn) for each in known if not has_ended(each)]


def forget() -> None:
    """Forget the executions that have ended, as AWS does 90 days later."""
    for machine in _machines():
        for execution in [each for each in list(machine.executions) if has_ended(each)]:
            machine.executions.remove(execution)


def _machines() -> list[Any]:
    return list(get_backend(ACCOUNT, REGION).state_machines)


async def await_end(arn: str, seconds: float) -> bool:
    """Whether an execution has ended, known when it does or so many seconds later.

    Raises:
        ValueError: there is no such execution.
    """
    account, region = arn.split(":")[4], arn.split(":")[3]
    machines = get_backend(account, region).state_machines
    known = (each for machine in machines for each in machine.executions)
    execution = next((each for each in known if each.execution_arn == arn), None)
    if execution is None:
        raise ValueError(f"There is no execution {arn}.")
    deadline = time.monotonic() + seconds
    while not has_ended(execution) and _is_waited_for(deadline):
        await asyncio.sleep(_LOOK_SECONDS)
    return has_ended(execution)


def _is_waited_for(deadline: float) -> bool:
    return time.monotonic() < deadline and failed_starts.first() is None


def stop(execution: Any, error: str | None, cause: str | None) -> None:
    """Abort an execution; one that has ended stays as it is."""
    if has_ended(execution):
        return
    env = _begun(execution)
    env.set_stop(stop_date=datetime.now(tz=UTC), error=error, cause=cause)
    details = ExecutionAbortedEventDetails(error=error, cause=cause)
    env.event_history_context.source_event_id = 0
    env.event_manager.add_event(
        context=env.event_history_context,
        event_type=HistoryEventType.ExecutionAborted,
        event_details=EventDetails(executionAbortedEventDetails=details),
    )
    end_waits(env)  # not before: what wakes up would write to the history
    execution.error, execution.cause = error, cause
    BaseExecutionWorkerCommunication(execution).terminated()


def end_waits(env: Any) -> None:
    """Let no task of an execution wait any longer: a token that comes late is over."""
    for endpoint in list(env.callback_pool_manager._pool.values()):
        endpoint.interrupt_all()


def _begun(execution: Any) -> Any:
    """The environment of an execution, whose thread may still be about to make it."""
    deadline = time.monotonic() + _BEGIN_SECONDS
    while execution.exec_worker.env is None or not execution.exec_worker.env.is_running():
        if has_ended(execution) or time.monotonic() > deadline:
            break
        time.sleep(0.001)
    return execution.exec_worker.env


def unless_stopped(end: Callable[..., None]) -> Callable[..., None]:
    """A way in which the engine ends a program, which leaves one that was stopped as it is."""

    def ended(self: Any, *arguments: Any, **named: Any) -> None:
        with self._state_mutex:
            if not isinstance(self._program_state, ProgramStopped):
                end(self, *arguments, **named)

    return ended


def until_ended(add_event: Callable[..., int]) -> Callable[..., int]:
    """The engine's `add_event`, which adds nothing but a redrive once a last event is written."""

    def add(self: Any, context: Any, event_type: Any, *arguments: Any, **named: Any) -> int:
        history, goes_on = self._history_event_list, event_type == _REDRIVEN
        if history and history[-1]["type"] in _LAST and not goes_on:
            return int(history[-1]["id"])
        return add_event(self, context, event_type, *arguments, **named)

    return add
