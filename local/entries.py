"""How a scenario enters each workflow: the one table that tells workflows apart."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from local import carts, orders
from local.outside import OutsideServices
from local.scenario import Scenario
from local.stack import Stack

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """What running a scenario of one workflow takes.

    Attributes:
        accept: checks the scenario's input and makes it the machine's; raises BadInput.
        set_stock: puts stock and prices, and answers the items that the result tells of.
        name: the execution's name.
        order_id: the order an execution was about; None if there is none on record.
        surroundings: what must be at work outside the stack while the execution runs.
    """

    accept: Callable[[Stack, Scenario], dict[str, Any]]
    set_stock: Callable[[Stack, Scenario, Document], list[str]]
    name: Callable[[Document], str]
    order_id: Callable[[Stack, Document, str], str | None]
    surroundings: Callable[[Stack, Scenario], AbstractContextManager[Any]]


def _play(stack: Stack, scenario: Scenario) -> OutsideServices:
    return OutsideServices(stack, scenario.callbacks)


def _nobody(_stack: Stack, _scenario: Scenario) -> AbstractContextManager[Any]:
    return nullcontext()


ENTRIES: Mapping[str, Entry] = {
    "order_processing": Entry(
        orders.machine_input, orders.set_stock, orders.order_name, orders.order_id, _nobody
    ),
    "checkout": Entry(
        carts.machine_input, carts.set_stock, carts.execution_name, carts.order_id, _play
    ),
}
"""By the name of the workflow."""
