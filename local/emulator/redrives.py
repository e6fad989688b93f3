"""RedriveExecution: an unsuccessful execution goes on at the state where it ended.

AWS's "Restarting state machine executions with redrive in Step Functions". What failed inside a
Parallel or Map state is not rerun here, where AWS would rerun the failed branches or iterations.
"""

import copy
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.core.exceptions import AWSError
from moto.stepfunctions.parser.api import (
    ExecutionRedrivenEventDetails,
    ExecutionStatus,
    HistoryEventType,
)
from moto.stepfunctions.parser.asl.component.common.flow.start_at import StartAt
from moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map import StateMap
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.state_parallel import (
    StateParallel,
)
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from local.emulator import endings

_MOST_EVENTS = 24_999
_starting = threading.Lock()


@dataclass(frozen=True)
class Place:
    """Where an execution is: a state at the top level, its input, and the variables it sees."""

    state: str
    input: Any
    variables: dict[str, Any]


@dataclass
class Redrives:
    """How often an execution was redriven, when last, and by which requests."""

    count: int = 0
    date: datetime | None = None
    dates: dict[str, datetime] = field(default_factory=dict)


def of(execution: Any) -> Redrives:
    """The redrives of an execution."""
    found: Redrives = vars(execution).setdefault("redrives", Redrives())
    return found


def remembered(evaluate: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """The engine's evaluation of a state, which remembers where the execution is."""

    def remembering(self: Any, env: Any) -> None:
        if env.is_frame():
            evaluate(self, env)
            return
        if not hasattr(env, "place"):
            env.place = _place(env)
        evaluate(self, env)
        if env.is_running():  # else the place stays: the state has not been left
            env.place = _place(env)

    return remembering


def _place(env: Any) -> Place:
    variables = dict(env.variable_store._inner_scope)  # values are replaced, never changed
    return Place(env.next_state_name, env.states.get_input(), variables)


def status(execution: Any) -> dict[str, Any]:
    """What DescribeExecution and status events say of redrives."""
    reason = _reason(execution)
    found = {"redriveStatus": "NOT_REDRIVABLE" if reason else "REDRIVABLE"}
    if reason:
        found["redriveStatusReason"] = reason
    return {**counted(execution), **found}


def counted(execution: Any) -> dict[str, Any]:
    """What ListExecutions says of redrives."""
    redrives = of(execution)
    date = {"redriveDate": redrives.date} if redrives.date else {}
    return {"redriveCount": redrives.count, **date}


def _reason(execution: Any) -> str | None:
    """Why an execution cannot be redriven, in AWS's words."""
    if execution.status in ("RUNNING", "SUCCEEDED"):
        return f"Execution is {execution.status} and cannot be redriven."
    if len(_history(execution)) >= _MOST_EVENTS:
        return "Execution history event limit exceeded."
    return None


def _history(execution: Any) -> list[Any]:
    """The events so far; none of an execution whose thread is about to begin."""
    env = execution.exec_worker and execution.exec_worker.env
    return env.event_manager._history_event_list if env else []


def redrive(execution: Any, token: str, begins: Callable[[Any], None]) -> datetime:
    """Start an execution again where it ended, and answer when; again the same for a token.

    Args:
        execution: the execution.
        token: identifies the request, which may be repeated.
        begins: is called with the execution once it is RUNNING and before anything happens.

    Raises:
        moto.core.exceptions.AWSError: ExecutionNotRedrivable; or the state is not supported.
    """
    with _starting:
        redrives = of(execution)
        if token in redrives.dates:
            return redrives.dates[token]
        _check(execution)
        date = redrives.dates[token] = redrives.date = datetime.now(tz=UTC)
        redrives.count += 1
        worker = _Redriven.of(execution)
        _reset(execution, worker)
    begins(execution)
    worker.start()
    return date


def _check(execution: Any) -> None:
    if execution.state_machine.type == "EXPRESS":
        raise _refusal("Express executions cannot be redriven.")
    if reason := _reason(execution):
        raise _refusal(reason)
    worker = execution.exec_worker
    program = worker._get_evaluation_entrypoint()
    if not hasattr(worker.env, "place"):  # aborted before its first state
        worker.env.place = Place(program.start_at.start_at_name, execution.input_data, {})
    state = program.states.states[worker.env.place.state]
    if isinstance(state, (StateMap, StateParallel)):
        kind = "Map" if isinstance(state, StateMap) else "Parallel"
        message = (
            f"The embedded cloud does not redrive what ended inside the {kind} state "
            f"'{state.name}'. AWS would rerun what failed in it: start another execution here."
        )
        raise AWSError(message, exception_type="ValidationException", status=400)


def _refusal(reason: str) -> Exception:
    refusal: Exception = AWSError(reason, exception_type="ExecutionNotRedrivable", status=400)
    return refusal


def _reset(execution: Any, worker: "_Redriven") -> None:
    execution.exec_worker._execution_communication = _Nobody()  # its thread may be late
    execution.exec_worker = worker
    execution.exec_status = ExecutionStatus.RUNNING
    execution.stop_date = execution.output = execution.error = execution.cause = None


def _add(env: Any, kind: Any, details: dict[str, Any]) -> None:
    env.event_manager.add_event(
        context=env.event_history_context, event_type=kind, event_details=details
    )


class _Nobody:
    """Takes no notice of the end of an attempt that was aborted or timed out before."""

    def terminated(self) -> None:
        """Leave the execution as it is."""


class _Redriven(ExecutionWorker):  # type: ignore[misc]
    """A further attempt: its history follows that of the one before, which writes no more."""

    @classmethod
    def of(cls, execution: Any) -> "_Redriven":
        """The attempt that goes on where an execution is, about to start."""
        before = execution.exec_worker
        worker = cls(
            evaluation_details=before._evaluation_details,
            exec_comm=BaseExecutionWorkerCommunication(execution),
            cloud_watch_logging_session=before._cloud_watch_logging_session,
            activity_store=before._activity_store,
        )
        if execution.status == "TIMED_OUT":  # else a thread that is late would write it, or has
            _add(before.env, HistoryEventType.ExecutionTimedOut, {})
        worker.env = worker._environment_after(before.env)
        details = ExecutionRedrivenEventDetails(redriveCount=of(execution).count)
        event = {"executionRedrivenEventDetails": details}
        _add(worker.env, HistoryEventType.ExecutionRedriven, event)
        return worker

    def _environment_after(self, before: Any) -> Any:
        env, events = self._get_evaluation_environment(), before.event_manager.get_event_history()
        env.event_manager._history_event_list.extend(events)
        env.event_manager._event_id_gen._next_id = len(events) + 1
        env.event_history_context = EventHistoryContext(previous_event_id=len(events))
        endings.end_waits(before)
        env.callback_pool_manager = before.callback_pool_manager  # knows tokens that are over
        env.place = before.place
        env.states.reset(env.place.input)
        env.variable_store._inner_scope.update(copy.deepcopy(env.place.variables))
        return env

    def _execution_logic(self) -> None:
        program = self._get_evaluation_entrypoint()
        program.start_at = StartAt(self.env.place.state)
        program.eval(self.env)
        self._execution_communication.terminated()
