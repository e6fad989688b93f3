"""Running scenarios on a deployed stack, one after the other."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers.domain.errors import BadInput
from local import evidence
from local.expectations import unmet
from local.history import journey, read_history
from local.observers import Observers
from local.orders import machine_input, set_stock
from local.result import Result, refused
from local.scenario import Scenario
from local.settling import settle
from local.stack import Stack

PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.01


class StuckError(RuntimeError):
    """An execution that did not end while the runner waited."""


class Runner:
    """Runs scenarios and reports everything that each caused."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._observers = Observers(stack.cloud, stack.outputs["eventBus"], stack.outputs["topics"])

    def run(self, scenario: Scenario) -> Result:
        """Run one scenario to its end and hold it against what it expects.

        Raises:
            StuckError: the execution did not end.
            UnsettledError: its queues did not empty.
        """
        try:
            order = machine_input(self._stack, scenario)
        except BadInput as error:
            return _judge(scenario, refused(scenario.name, scenario.workflow, str(error)))
        items = set_stock(self._stack, scenario, order)
        self._observers.drain()
        self._stack.cloud.inject([vars(fault) for fault in scenario.faults])
        try:
            result = self._execute(scenario, order)
            settle(self._stack.cloud, self._stack.queues)
        finally:
            self._stack.cloud.inject([])
        return _judge(scenario, self._gather(result, order["orderId"], items))

    def _execute(self, scenario: Scenario, order: dict[str, Any]) -> Result:
        states = self._stack.cloud.client("stepfunctions")
        start = time.monotonic()
        execution = states.start_execution(
            stateMachineArn=self._stack.outputs["stateMachines"][scenario.workflow],
            name=order["orderId"],
            input=json.dumps(order),
        )["executionArn"]
        ended = await_end(self._stack, execution)
        seconds = time.monotonic() - start
        taken = journey(read_history(states, execution))
        return Result(
            name=scenario.name,
            workflow=scenario.workflow,
            status=ended["status"],
            error=ended.get("error"),
            cause=ended.get("cause"),
            output=json.loads(ended["output"]) if ended.get("output") else None,
            path=taken.path,
            transitions=taken.transitions,
            lambdaCalls=taken.lambda_calls,
            seconds=round(seconds, 3),
        )

    def _gather(self, result: Result, order_id: str, items: list[str]) -> Result:
        return replace(
            result,
            order=evidence.order_row(self._stack, order_id),
            events=self._observers.events(order_id),
            topics=self._observers.messages(order_id),
            payments=evidence.payments(self._stack, order_id),
            stock=evidence.stock(self._stack, items),
            manualReview=evidence.manual_review(self._stack, order_id),
        )


def await_end(stack: Stack, execution: str) -> dict[str, Any]:
    """The description of an execution once it has ended.

    Raises:
        StuckError: it was still running after 120 s.
    """
    states = stack.cloud.client("stepfunctions")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        ended: dict[str, Any] = states.describe_execution(executionArn=execution)
        if ended["status"] != "RUNNING":
            return ended
        time.sleep(POLL_SECONDS)
    raise StuckError(f"the execution {execution} was still running after {PATIENCE_SECONDS:.0f} s")


def _judge(scenario: Scenario, result: Result) -> Result:
    """Without an expectation, a scenario must end SUCCEEDED."""
    expected = {"status": "SUCCEEDED"} if scenario.expect is None else scenario.expect
    differences = unmet(expected, json.loads(result.line()))
    return replace(result, met=not differences, unmet=differences)


def exit_code(results: Sequence[Result]) -> int:
    """0 if every scenario met its expectation, 2 if any had bad input, 3 otherwise."""
    if any(result.status == "REFUSED" for result in results):
        return 2
    return 0 if all(result.met for result in results) else 3
