"""Calls of Task states in moto's engine, which ask for their faults and may be held."""

from collections.abc import Callable, Iterator
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_lambda import (
    StateTaskLambda,
)

from asl.retries import error_prefix
from local.emulator import faults, holds
from local.emulator.failures import raised, task_failure

_SERVICE = state_task_service.StateTaskService


def install() -> None:
    """Make every Task state of moto's engine ask."""
    for kind in _classes(_SERVICE):
        if "_eval_service_task" in vars(kind) and kind is not _SERVICE:
            kind._eval_service_task = _asking(kind._eval_service_task)
    StateTaskLambda._eval_execution = _asking(StateTaskLambda._eval_execution)


def _classes(kind: Any) -> Iterator[Any]:
    yield kind
    for below in kind.__subclasses__():
        yield from _classes(below)


def _asking(call: Callable[..., Any]) -> Callable[..., Any]:
    def asking(self: Any, env: Any, **arguments: Any) -> Any:
        _strike(self, env, "before")
        try:
            result = call(self, env=env, **arguments)
        finally:
            context = _context(env)
            places = context["StateMachine"]["Id"], self.name, context["Execution"]["Id"]
            holds.stand(*places, goes_on=env.is_running)
        _strike(self, env, "after")
        return result

    return asking


def _context(env: Any) -> Any:
    return env.states.context_object.context_object_data


def _strike(task: Any, env: Any, when: str) -> None:
    fault = faults.of_state(task.name, _context(env)["StateMachine"]["Id"], when)
    if fault is not None:
        cause = f"Fault injected {when} the call of state '{task.name}'."
        raise raised(task_failure(env, task, _spelled(fault.error, task), cause))


def _spelled(error: str, task: Any) -> str:
    """The error as the task's integration names it, which is `DynamoDB` here and `DynamoDb` there.

    A fault may be written either way: what a service answers has one name for a task.
    """
    prefix, dot, name = error.partition(".")
    own = error_prefix(task.resource.resource_arn.rpartition(":states:::")[2])
    return f"{own}{dot}{name}" if own and prefix.lower() == own.lower() else error
