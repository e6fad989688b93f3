"""Telling how an execution ended and everything that it caused."""

import json
from dataclasses import dataclass, replace

from local import evidence
from local.following import followed
from local.history import journey, read_history
from local.observers import Observers
from local.result import Result
from local.scenario import Scenario
from local.stack import Stack


@dataclass(frozen=True)
class Run:
    """An execution that has ended.

    Attributes:
        execution: its ARN.
        seconds: how long it took, from outside.
        order_id: the order it was about; None if there is none on record.
        items: whose stock is told.
        mails: how many mails others had sent before.
    """

    execution: str
    seconds: float
    order_id: str | None
    items: list[str]
    mails: int


def tell(stack: Stack, observers: Observers, scenario: Scenario, run: Run) -> Result:
    """The result of a scenario whose run has ended and settled."""
    result = _ended(stack, scenario, run)
    stock = evidence.stock(stack, run.items)
    if run.order_id is None:
        return replace(result, stock=stock)
    return replace(
        result,
        order=evidence.order_row(stack, run.order_id),
        events=observers.events(run.order_id),
        emails=evidence.emails(stack, run.order_id, run.mails),
        topics=observers.messages(run.order_id),
        payments=evidence.payments(stack, run.order_id),
        stock=stock,
        manualReview=evidence.manual_review(stack, run.order_id),
        shipments=evidence.shipments(stack, run.order_id),
        fulfillmentRequests=evidence.requests_to_centers(stack, run.order_id),
        labels=evidence.labels(stack, run.order_id),
        followed=_followed(stack, run) if scenario.follow else [],
    )


def _ended(stack: Stack, scenario: Scenario, run: Run) -> Result:
    states = stack.cloud.client("stepfunctions")
    ended = states.describe_execution(executionArn=run.execution)
    taken = journey(read_history(states, run.execution))
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
        seconds=round(run.seconds, 3),
    )


def _followed(stack: Stack, run: Run) -> list[dict[str, object]]:
    started = stack.cloud.client("stepfunctions").describe_execution(executionArn=run.execution)
    return followed(stack, run.execution, started["startDate"], str(run.order_id))
