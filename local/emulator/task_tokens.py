"""Task tokens: whose they are, and what becomes of an answer."""

import json
from typing import Any

from moto.core.exceptions import AWSError
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackNotifyConsumerError,
    CallbackOutcome,
)
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from local.emulator.settings import ACCOUNT, LARGEST_PAYLOAD, REGION


def machine_arn(token: str | None) -> str:
    """The ARN of the machine whose task waits, or waited, for the token; `*` if there is none."""
    execution = _execution(stepfunctions_parser_backends[ACCOUNT][REGION], token or "")
    return str(execution.state_machine.arn) if execution else "*"


def answer(backend: Any, token: str, outcome: CallbackOutcome) -> None:
    """Give a task its outcome.

    Raises:
        moto.core.exceptions.AWSError: InvalidToken, or TaskTimedOut if the task is over.
    """
    pool = _waiting(backend, token)
    try:
        pool.notify(callback_id=token, outcome=outcome)
    except CallbackNotifyConsumerError:
        raise _over() from None


def heartbeat(backend: Any, token: str) -> None:
    """Tell that the worker of a task is alive.

    Raises:
        moto.core.exceptions.AWSError: InvalidToken, or TaskTimedOut if the task is over.
    """
    pool = _waiting(backend, token)
    try:
        pool.heartbeat(callback_id=token)
    except CallbackNotifyConsumerError:
        raise _over() from None


def check_output(output: str) -> None:
    """Refuse an output that is too large or no JSON.

    Raises:
        moto.core.exceptions.AWSError: ValidationException or InvalidOutput.
    """
    if len(output.encode()) > LARGEST_PAYLOAD:
        message = (
            "1 validation error detected: Value at 'output' failed to satisfy constraint: "
            f"Member must have length less than or equal to {LARGEST_PAYLOAD}"
        )
        raise AWSError(message, exception_type="ValidationException")
    try:
        json.loads(output)
    except ValueError as error:
        message = f"Invalid Output: '{error}'"
        raise AWSError(message, exception_type="InvalidOutput") from None


def _execution(backend: Any, token: str) -> Any:
    for execution in list(backend._get_executions()):
        env = execution.exec_worker and execution.exec_worker.env
        if env and env.callback_pool_manager.get(token):
            return execution
    return None


def _waiting(backend: Any, token: str) -> Any:
    """The tokens of the execution whose task waits for this one."""
    execution = _execution(backend, token)
    if execution is None:
        raise AWSError("Invalid Token: 'Invalid token'", exception_type="InvalidToken")
    pool = execution.exec_worker.env.callback_pool_manager
    if execution.status != "RUNNING" or pool.get(token)._notify_event.is_set():
        raise _over()
    return pool


def _over() -> Any:
    message = "Task Timed Out: 'Provided task does not exist anymore'"
    return AWSError(message, exception_type="TaskTimedOut")
