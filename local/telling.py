"""Telling how an execution ended and everything that it caused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from local import evidence
from local.following import followed
from local.history import journey, read_history
from local.observer import Observer
from local.result import Result
from local.scenario import Scenario
from local.stack import Stack


@dataclass(frozen=True)
class Run:
    """An execution that has ended.

    Attributes:
        ended: its description.
        seconds: how long it took, from outside.
        order_id: the order it was about; None if there is none on record.
        items: whose stock is told.
        mails: how many mails others had sent before.
    """

    ended: Mapping[str, Any]
    seconds: float
    order_id: str | None
    items: list[str]
    mails: int


def tell(stack: Stack, observer: Observer, scenario: Scenario, run: Run) -> Result:
    """The result of a scenario whose run has ended and settled."""
    result = _ended(stack, scenario, run)
    stock = evidence.stock(stack, run.items)
    if run.order_id is None:
        return replace(result, stock=stock)
    seen = observer.seen(run.order_id)
    return replace(
        result,
        order=evidence.order_row(stack, run.order_id),
        events=seen.events,
        emails=evidence.emails(stack, run.order_id, run.mails),
        topics=seen.messages,
        payments=evidence.payments(stack, run.order_id),
        stock=stock,
        manualReview=evidence.manual_review(stack, run.order_id),
        shipments=evidence.shipments(stack, run.order_id),
        fulfillmentRequests=evidence.requests_to_centers(stack, run.order_id),
        labels=evidence.labels(stack, run.order_id),
        followed=_followed(stack, run) if scenario.follow else [],
    )


def _ended(stack: Stack, scenario: Scenario, run: Run) -> Result:
    ended, states = run.ended, stack.cloud.client("stepfunctions")
    taken = journey(read_history(states, ended["executionArn"]))
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
    first, since = run.ended["executionArn"], run.ended["startDate"]
    return followed(stack, first, since, str(run.order_id))
