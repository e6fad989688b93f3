"""Running scenarios on a deployed stack, one after the other."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers.domain.errors import BadInput
from local import evidence
from local.entries import ENTRIES
from local.expectations import unmet
from local.history import journey, read_history
from local.observers import Observers
from local.result import Result, refused
from local.scenario import Scenario
from local.settling import settle
from local.stack import Stack
from local.waiting import StuckError, await_end

__all__ = ["Runner", "StuckError", "await_end", "exit_code"]


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
        entry = ENTRIES[scenario.workflow]
        try:
            document = entry.accept(self._stack, scenario)
        except BadInput as error:
            return _judge(scenario, refused(scenario.name, scenario.workflow, str(error)))
        items = entry.set_stock(self._stack, scenario, document)
        self._observers.drain()
        self._stack.cloud.inject([vars(fault) for fault in scenario.faults])
        try:
            with entry.surroundings(self._stack, scenario):
                execution, seconds = self._execute(
                    scenario.workflow, entry.name(document), document
                )
            settle(self._stack.cloud, self._stack.queues)
        finally:
            self._stack.cloud.inject([])
        result = self._describe(scenario, execution, seconds)
        order_id = entry.order_id(self._stack, document, execution)
        return _judge(scenario, self._gather(result, order_id, items))

    def _execute(self, workflow: str, name: str, document: dict[str, Any]) -> tuple[str, float]:
        """The ARN of an execution that has ended, and how many seconds it took."""
        start = time.monotonic()
        execution = self._stack.cloud.client("stepfunctions").start_execution(
            stateMachineArn=self._stack.outputs["stateMachines"][workflow],
            name=name,
            input=json.dumps(document),
        )["executionArn"]
        await_end(self._stack, execution)
        return str(execution), time.monotonic() - start

    def _describe(self, scenario: Scenario, execution: str, seconds: float) -> Result:
        states = self._stack.cloud.client("stepfunctions")
        ended = states.describe_execution(executionArn=execution)
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

    def _gather(self, result: Result, order_id: str | None, items: list[str]) -> Result:
        stock = evidence.stock(self._stack, items)
        if order_id is None:
            return replace(result, stock=stock)
        return replace(
            result,
            order=evidence.order_row(self._stack, order_id),
            events=self._observers.events(order_id),
            emails=evidence.emails(self._stack, order_id),
            topics=self._observers.messages(order_id),
            payments=evidence.payments(self._stack, order_id),
            stock=stock,
            manualReview=evidence.manual_review(self._stack, order_id),
        )


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
