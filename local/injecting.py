"""A scenario's faults, as the embedded cloud takes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.functions import names
from local.scenario import Fault, FunctionFault, Scenario
from local.stack import Stack


@contextmanager
def injecting(stack: Stack, scenario: Scenario) -> Iterator[None]:
    """The scenario's faults strike meanwhile, if it has any."""
    if not scenario.faults:
        yield
        return
    try:
        stack.cloud.inject([document(stack, scenario, fault) for fault in scenario.faults])
        yield
    finally:
        stack.cloud.inject([])


def fired(stack: Stack, scenario: Scenario) -> list[int]:
    """The number of times that each fault has struck; for as long as they are injected."""
    return list(stack.cloud.fired()) if scenario.faults else []


def document(stack: Stack, scenario: Scenario, fault: Fault | FunctionFault) -> dict[str, Any]:
    """A fault with the machine or the function that it strikes."""
    if isinstance(fault, FunctionFault):
        return {**vars(fault), "function": names(stack)[fault.function]}
    workflow, state = scenario.place(fault.state)
    machine = str(stack.outputs["stateMachines"][workflow])
    return {**vars(fault), "machine": machine, "state": state}
