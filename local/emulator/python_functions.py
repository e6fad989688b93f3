"""Has ministack run Python functions in our workers, a few at a time.

On AWS a thousand invocations may run at once, each on a machine of its own. Here they share one:
further ones wait for a free environment, and are throttled, as AWS does, if none comes free.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from local.emulator import faults
from local.emulator.lambda_workers import PythonWorker

MOST_ENVIRONMENTS = max(8, 2 * (os.cpu_count() or 1))
"""How many invocations of one function run at once, each in a process."""

_QUEUE_SECONDS = 30.0
_places: dict[str, threading.BoundedSemaphore] = {}


def worker(config: dict[str, Any], others: Callable[[dict[str, Any]], Any]) -> Any:
    """The class of a function's workers: ours for Python, ministack's for the rest."""
    return PythonWorker if _is_python(config) else others(config)


def execute(
    func: dict[str, Any], event: Any, request_id: str, others: Callable[..., Any]
) -> dict[str, Any]:
    """Run one invocation, in place of ministack's executor of warm functions.

    Returns:
        ministack's result: the body to answer, the log, and whether the body is an error document.
    """
    config = func.get("config") or func
    if not _is_python(config) or not func.get("code_zip"):
        answered: dict[str, Any] = others(func, event, request_id)
        return answered
    name = config["FunctionName"]
    if fault := faults.of_function(name, "before"):
        return _lost(fault, f"Fault injected before function '{name}' ran.")
    with _place(name) as free:
        if not free:
            return _throttled(name)
        outcome = _invoke(config, func["code_zip"], event, request_id)
    if fault := faults.of_function(name, "after"):
        return _lost(fault, f"Fault injected after function '{name}' ran.", outcome["log"])
    if outcome["status"] == "ok":
        return {"body": outcome["result"], "log": outcome["log"]}
    return {"body": outcome["error_payload"], "error": True, "log": outcome["log"]}


def _lost(fault: faults.Fault, message: str, log: str = "") -> dict[str, Any]:
    """The result of an invocation that a fault takes the place of."""
    return {"body": {"errorType": fault.error, "errorMessage": message}, "error": True, "log": log}


@contextlib.contextmanager
def _place(function: str) -> Iterator[bool]:
    """A place among the function's running invocations, or False if none came free in time."""
    places = _places.setdefault(function, threading.BoundedSemaphore(MOST_ENVIRONMENTS))
    free = places.acquire(timeout=_QUEUE_SECONDS)
    try:
        yield free
    finally:
        if free:
            places.release()


def _throttled(function: str) -> dict[str, Any]:
    message = f"Rate Exceeded: {function} waited {_QUEUE_SECONDS:g} s for an environment"
    answer: dict[str, Any] = lambda_svc._throttle_response(
        reason_code="ConcurrentInvocationLimitExceeded", msg=message
    )
    return answer


def _is_python(config: dict[str, Any]) -> bool:
    return str(config.get("Runtime", "")).startswith("python")


def _invoke(config: dict[str, Any], code: bytes, event: Any, request_id: str) -> dict[str, Any]:
    lambda_svc._ensure_reaper_thread()
    version = config.get("Version", "$LATEST")
    leased, _ = lambda_runtime.acquire_worker(config["FunctionName"], config, code, version)
    try:
        outcome: dict[str, Any] = leased.invoke(
            event,
            request_id,
            trace_id=lambda_svc._xray_trace_id_for_invocation(config),
            invoked_function_arn=config["FunctionArn"],
        )
    finally:
        lambda_runtime.release_worker(leased)
    return outcome
