"""Faults on demand: the call of a named Task state fails, before it is made or afterwards."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_lambda import (
    StateTaskLambda,
)

from asl.retries import error_prefix
from local.emulator.failures import raised, task_failure

_SERVICE = state_task_service.StateTaskService
_DEFAULTS = {"when": "before", "times": 1}
_FIELDS = {"state": str, "error": str, "when": str, "times": int}
_WHEN = ("before", "after")


@dataclass
class Fault:
    """One fault; `left` counts down to none, or is None for every call."""

    state: str
    error: str
    when: str
    left: int | None

    @classmethod
    def parse(cls, document: Any) -> "Fault":
        """A fault from `{"state", "error", "when": "before"|"after", "times": N}`; 0 is always.

        Without `when` it strikes before the call, without `times` once.

        Raises:
            ValueError: a field is missing, unknown or of another type.
        """
        _demand(isinstance(document, dict), "A fault is an object.")
        fault = {**_DEFAULTS, **document}
        names = ", ".join(_FIELDS)
        _demand(set(fault) == set(_FIELDS), f"A fault has the fields {names} and no other.")
        for name, kind in _FIELDS.items():
            _demand(type(fault[name]) is kind, f"A fault's {name} is of type {kind.__name__}.")
        _demand(fault["when"] in _WHEN, "A fault strikes 'before' or 'after' the call.")
        _demand(fault["times"] >= 0, "A fault's times are not negative.")
        return cls(fault["state"], fault["error"], fault["when"], fault["times"] or None)


def _demand(fact: bool, otherwise: str) -> None:
    if not fact:
        raise ValueError(otherwise)


_faults: list[Fault] = []
_lock = threading.Lock()


def replace(documents: Any) -> None:
    """Have these faults and no other.

    Raises:
        ValueError: the document is not a list of faults.
    """
    _demand(isinstance(documents, list), "Faults are a list.")
    parsed = [Fault.parse(document) for document in documents]
    with _lock:
        _faults[:] = parsed


def install() -> None:
    """Make every Task state of moto's engine ask for its faults."""
    for kind in _classes(_SERVICE):
        if "_eval_service_task" in vars(kind) and kind is not _SERVICE:
            kind._eval_service_task = _faulty(kind._eval_service_task)
    StateTaskLambda._eval_execution = _faulty(StateTaskLambda._eval_execution)


def _classes(kind: Any) -> Iterator[Any]:
    yield kind
    for below in kind.__subclasses__():
        yield from _classes(below)


def _faulty(call: Callable[..., Any]) -> Callable[..., Any]:
    def with_faults(self: Any, env: Any, **arguments: Any) -> Any:
        _strike(self, env, "before")
        result = call(self, env=env, **arguments)
        _strike(self, env, "after")
        return result

    return with_faults


def _strike(task: Any, env: Any, when: str) -> None:
    fault = _take(task.name, when)
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


def _take(state: str, when: str) -> Fault | None:
    with _lock:
        for fault in _faults:
            if (fault.state, fault.when) == (state, when) and fault.left != 0:
                fault.left = None if fault.left is None else fault.left - 1
                return fault
    return None
