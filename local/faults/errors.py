"""Every kind of error that a call can end in, by what is called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from asl.retries import error_prefix, transient_errors
from asl.walk import states

TIMEOUT, SERVICE, CRASH = "timeout", "service error", "crash"
THROTTLING, UNKNOWN = "throttling", "unknown error"

_STATE_TIMEOUT = "States.Timeout"
_CRASHES = ("Lambda.Unknown", "Runtime.ExitError")
_FUNCTION_TIMEOUT, _LATE_ANSWER = "Sandbox.Timedout", "Lambda.ClientExecutionTimeoutException"
_THROTTLES = ("Throttl", "TooManyRequests", "RequestLimit", "Throughput")
_ANY = "KeyError"  # of a function's code
_DENIED = "AccessDeniedException"


@dataclass(frozen=True)
class Error:
    """An error and what it is counted as."""

    kind: str
    name: str


def of_task(state: Mapping[str, Any]) -> list[Error]:
    """The errors in which a Task state's call can end."""
    resource = str(state["Resource"])
    integration = resource.rpartition(":states:::")[2] if ":states:::" in resource else "lambda:"
    known = transient_errors(integration)
    throttling = [name for name in known if any(word in name for word in _THROTTLES)]
    service = [name for name in known if name not in throttling]
    return [
        Error(TIMEOUT, _STATE_TIMEOUT),
        *[Error(SERVICE, name) for name in service[:1]],
        *[Error(THROTTLING, name) for name in throttling[:1]],
        *_of_integration(integration),
    ]


def of_function() -> list[Error]:
    """The errors in which an invocation of a function that is no task can end."""
    return [Error(TIMEOUT, _FUNCTION_TIMEOUT), Error(CRASH, _CRASHES[1]), Error(UNKNOWN, _ANY)]


def of_machine(definition: Mapping[str, Any]) -> list[str]:
    """The names of a machine's own errors: those that it fails with or catches by name."""
    found = [name for visit in states(definition) for name in _named(visit.state)]
    return [name for name in dict.fromkeys(found) if not name.startswith(("States.", "{%"))]


def _of_integration(integration: str) -> list[Error]:
    if integration.startswith("lambda"):
        return [
            Error(TIMEOUT, _FUNCTION_TIMEOUT),
            Error(TIMEOUT, _LATE_ANSWER),
            *[Error(CRASH, name) for name in _CRASHES],
            Error(UNKNOWN, _ANY),
        ]
    return [Error(UNKNOWN, f"{error_prefix(integration)}.{_DENIED}")]


def _named(state: Mapping[str, Any]) -> Iterator[str]:
    if state["Type"] == "Fail" and "Error" in state:
        yield str(state["Error"])
    for catcher in state.get("Catch", ()):
        yield from map(str, catcher["ErrorEquals"])
