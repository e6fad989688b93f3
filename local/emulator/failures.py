"""Builds the engine's own failure events, which Retry and Catch match by name."""

from typing import Any

from moto.stepfunctions.parser.api import (
    EvaluationFailedEventDetails,
    HistoryEventType,
    TaskFailedEventDetails,
    TaskTimedOutEventDetails,
)
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import (
    CustomErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout"
TIMEOUT = "States.Timeout"
QUERY_EVALUATION = "States.QueryEvaluationError"
NO_CHOICE_MATCHED = "States.NoChoiceMatched"
DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded"
RUNTIME = "States.Runtime"

_TIMEOUTS = (TIMEOUT, HEARTBEAT_TIMEOUT)


def task_failure(env: Any, task: Any, error: str, cause: str) -> Any:
    """The failure event of a task's call that ended in an error.

    Args:
        env: the engine's environment of the state.
        task: the state, of a service or a bare function.
        error: the error's name; a timeout's makes the event a TaskTimedOut.
        cause: the sentence that Catch finds beside the name.
    """
    where = {"resource": _resource(task), "resourceType": _resource_type(task)}
    if error in _TIMEOUTS:
        return FailureEvent(
            env=env,
            error_name=_name(error),
            event_type=HistoryEventType.TaskTimedOut,
            event_details=EventDetails(
                taskTimedOutEventDetails=TaskTimedOutEventDetails(error=error, cause=cause, **where)
            ),
        )
    return FailureEvent(
        env=env,
        error_name=_name(error),
        event_type=HistoryEventType.TaskFailed,
        event_details=EventDetails(
            taskFailedEventDetails=TaskFailedEventDetails(error=error, cause=cause, **where)
        ),
    )


def state_failure(env: Any, error: str, cause: str) -> Any:
    """The failure event of a state that makes no call."""
    details = EventDetails(taskFailedEventDetails=TaskFailedEventDetails(error=error, cause=cause))
    return FailureEvent(
        env=env,
        error_name=_name(error),
        event_type=HistoryEventType.TaskFailed,
        event_details=details,
    )


def query_evaluation_failure(env: Any, cause: str) -> Any:
    """The exception of an expression that could not be evaluated."""
    details = EvaluationFailedEventDetails(
        error=QUERY_EVALUATION, cause=cause, state=env.next_state_name or ""
    )
    return FailureEventException(
        FailureEvent(
            env=env,
            error_name=_name(QUERY_EVALUATION),
            event_type=HistoryEventType.EvaluationFailed,
            event_details=EventDetails(evaluationFailedEventDetails=details),
        )
    )


def raised(failure_event: Any) -> Any:
    """The exception that carries a failure event through the engine."""
    return FailureEventException(failure_event)


def _name(error: str) -> Any:
    known = {kind.to_name(): kind for kind in StatesErrorNameType}
    if error in known:
        return StatesErrorName(typ=known[error])
    return ErrorName(error) if error.startswith("States.") else CustomErrorName(error)


def _resource(task: Any) -> str:
    return str(task._get_sfn_resource()) if hasattr(task, "_get_sfn_resource") else ""


def _resource_type(task: Any) -> str:
    if hasattr(task, "_get_sfn_resource_type"):
        return str(task._get_sfn_resource_type())
    return "lambda"
