"""How a scenario enters each workflow: the one table that tells workflows apart."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from local import carts, orders, sessions
from local.outside import OutsideServices
from local.scenario import API, Scenario
from local.stack import Stack

Document = Mapping[str, Any]


def _start(stack: Stack, scenario: Scenario, document: dict[str, Any]) -> str:
    started = stack.cloud.client("stepfunctions").start_execution(
        stateMachineArn=stack.outputs["stateMachines"][scenario.workflow],
        name=ENTRIES[scenario.workflow].name(stack, document),
        input=json.dumps(document, ensure_ascii=False),
    )
    return str(started["executionArn"])


def _nobody(_stack: Stack, _scenario: Scenario) -> AbstractContextManager[Any]:
    return nullcontext()


@dataclass(frozen=True)
class Entry:
    """What running a scenario of one workflow takes.

    Attributes:
        accept: checks the scenario's input and makes it the machine's; raises BadInput.
        set_stock: puts stock and prices, and answers the items that the result tells of.
        name: the execution's name.
        order_id: the order an execution was about; None if there is none on record.
        surroundings: what must be at work outside the stack while the execution runs.
        start: sets an execution going and answers its ARN; raises BadInput.
    """

    accept: Callable[[Stack, Scenario], dict[str, Any]]
    set_stock: Callable[[Stack, Scenario, Document], list[str]]
    name: Callable[[Stack, Document], str]
    order_id: Callable[[Stack, Document, str], str | None]
    surroundings: Callable[[Stack, Scenario], AbstractContextManager[Any]] = _nobody
    start: Callable[[Stack, Scenario, dict[str, Any]], str] = _start


def _play(stack: Stack, scenario: Scenario) -> OutsideServices:
    return OutsideServices(stack, scenario.callbacks)


ENTRIES: Mapping[str, Entry] = {
    "order_processing": Entry(
        orders.machine_input, orders.set_stock, orders.order_name, orders.order_id
    ),
    "checkout": Entry(
        carts.machine_input, carts.set_stock, carts.execution_name, carts.order_id, _play
    ),
    "fulfillment": Entry(
        sessions.machine_input, sessions.set_stock, sessions.execution_name, sessions.order_id
    ),
}
"""By the name of the workflow."""

_POSTED = replace(ENTRIES["order_processing"], accept=orders.posted_order, start=orders.post)


def entry_of(scenario: Scenario) -> Entry:
    """How this scenario enters its workflow."""
    return _POSTED if scenario.through == API else ENTRIES[scenario.workflow]
