"""Faults on demand: a call of a Task state or of a function fails, before it is made or afterwards.

A fault of a state strikes what the state calls, whatever that is; one of a function strikes its
invocations, whoever invokes it: an API, a queue, a stream, a schedule or a state machine.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_COMMON = {"error": str, "when": str, "times": int}
_OF_A_STATE = {"state": str, "machine": str, **_COMMON}
_OF_A_FUNCTION = {"function": str, **_COMMON}
_DEFAULTS = {"when": "before", "times": 1}
_WHEN = ("before", "after")


@dataclass
class Fault:
    """One fault; `times` is how often it strikes, 0 being always, `fired` how often it has.

    Attributes:
        target: the state's name, or the function's.
        machine: the ARN of the state's machine; empty for any, and for a function.
        is_function: whether the target is a function.
    """

    target: str
    machine: str
    is_function: bool
    error: str
    when: str
    times: int
    fired: int = 0

    @classmethod
    def parse(cls, document: Any) -> "Fault":
        """A fault from `{"state" or "function", "machine", "error", "when", "times"}`.

        Without `machine` it is of any machine's state, without `when` it strikes before the call,
        without `times` once; 0 times is always. A function may be given by name or ARN.

        Raises:
            ValueError: a field is missing, unknown or of another type.
        """
        _demand(isinstance(document, dict), "A fault is an object.")
        given = {name: value for name, value in document.items() if value is not None}
        fields = _OF_A_FUNCTION if "function" in given else _OF_A_STATE
        fault = {"machine": "", **_DEFAULTS, **given} if "machine" in fields else _DEFAULTS | given
        names = ", ".join(fields)
        _demand(set(fault) == set(fields), f"A fault has the fields {names} and no other.")
        for name, kind in fields.items():
            _demand(type(fault[name]) is kind, f"A fault's {name} is of type {kind.__name__}.")
        _demand(fault["when"] in _WHEN, "A fault strikes 'before' or 'after' the call.")
        _demand(fault["times"] >= 0, "A fault's times are not negative.")
        return cls._of(fault)

    @classmethod
    def _of(cls, fault: dict[str, Any]) -> "Fault":
        is_function = "function" in fault
        target = function_name(fault["function"]) if is_function else fault["state"]
        rest = fault.get("machine", ""), is_function, fault["error"], fault["when"], fault["times"]
        return cls(target, *rest)

    @property
    def is_left(self) -> bool:
        """Whether it strikes again."""
        return not self.times or self.fired < self.times


def _demand(fact: bool, otherwise: str) -> None:
    if not fact:
        raise ValueError(otherwise)


def function_name(function: str) -> str:
    """The name of a function given by name or ARN, which may name a version or an alias."""
    return function.rpartition(":function:")[2].partition(":")[0]


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


def fired() -> list[int]:
    """How often each of the present faults has struck, in the order given."""
    with _lock:
        return [fault.fired for fault in _faults]


def of_state(state: str, machine: str, when: str) -> Fault | None:
    """The fault that strikes this call of a state now, which is one time less for it."""
    return _take(
        lambda fault: (
            not fault.is_function
            and (fault.target, fault.when) == (state, when)
            and fault.machine in ("", machine)
        )
    )


def of_function(name: str, when: str) -> Fault | None:
    """The fault that strikes this invocation of a function now, which is one time less for it."""
    return _take(
        lambda fault: fault.is_function and (fault.target, fault.when) == (name, when),
    )


def _take(strikes: Callable[[Fault], bool]) -> Fault | None:
    with _lock:
        found = next((fault for fault in _faults if fault.is_left and strikes(fault)), None)
        if found is not None:
            found.fired += 1
        return found
