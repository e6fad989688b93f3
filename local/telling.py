"""Telling how an execution ended and everything that it caused."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from local import evidence
from local.dead_letters import take_all
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
        actions: what each of the scenario's actions came to.
        items: whose stock is told.
        mails: how many mails others had sent before.
        faults_fired: how often each of the scenario's faults struck.
        sweep_errors: what the schedules failed with.
        may_have_others: whether other executions of the order may have been started.
    """

    ended: Mapping[str, Any]
    seconds: float
    order_id: str | None
    actions: list[dict[str, Any]] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    mails: int = 0
    faults_fired: list[int] = field(default_factory=list)
    sweep_errors: list[str] = field(default_factory=list)
    may_have_others: bool = False


def tell(stack: Stack, observer: Observer, scenario: Scenario, run: Run) -> Result:
    """The result of a scenario whose run has ended and settled."""
    result = replace(
        _ended(stack, scenario, run),
        stock=evidence.stock(stack, run.items),
        deadLetters=take_all(stack),
        faultsFired=run.faults_fired,
        actions=[_with_other_order(stack, action, run.order_id) for action in run.actions],
        sweepErrors=run.sweep_errors,
    )
    return result if run.order_id is None else _with_order(stack, observer, result, run)


def _with_other_order(stack: Stack, action: dict[str, Any], order_id: str | None) -> dict[str, Any]:
    """An action's record, with the rows of the order where it began another one: of a cart."""
    answer = action["answer"]
    other = answer.get("orderId") if isinstance(answer, dict) else None
    if other in (None, order_id):
        return action
    rows = {
        "order": evidence.order_row(stack, other),
        "reservation": evidence.reservation_row(stack, other),
        "ledger": evidence.ledger_row(stack, other),
        "shipments": evidence.shipments(stack, other),
        "manualReview": evidence.manual_review(stack, other),
    }
    return {**action, "answer": {**answer, **rows}}


def _with_order(stack: Stack, observer: Observer, result: Result, run: Run) -> Result:
    """The result with everything that there is of the order."""
    order_id = str(run.order_id)
    seen, ledger = observer.seen(order_id), evidence.ledger_row(stack, order_id)
    others = _others(stack, run)
    return replace(
        result,
        order=evidence.order_row(stack, order_id),
        session=evidence.session_row(stack, order_id),
        reservation=evidence.reservation_row(stack, order_id),
        ledger=ledger,
        events=seen.events,
        emails=evidence.emails(stack, order_id, run.mails),
        topics=seen.messages,
        payments=evidence.entries(ledger),
        manualReview=evidence.manual_review(stack, order_id),
        shipments=evidence.shipments(stack, order_id),
        fulfillmentRequests=evidence.requests_to_centers(stack, order_id),
        labels=evidence.labels(stack, order_id),
        followed=others,
        attempts={**result.attempts, **_attempts(others)},
    )


def _others(stack: Stack, run: Run) -> list[dict[str, Any]]:
    """The executions beside the first; without looking where there can be none."""
    if not run.may_have_others:
        return []
    return followed(stack, run.ended["executionArn"], run.ended["startDate"], str(run.order_id))


def _attempts(others: list[dict[str, Any]]) -> dict[str, int]:
    """How often each call was made by other executions, as `workflow/state`."""
    calls: Counter[str] = Counter()
    for execution in others:
        workflow = execution["workflow"]
        calls.update({f"{workflow}/{state}": n for state, n in execution["attempts"].items()})
    return dict(calls)


def _ended(stack: Stack, scenario: Scenario, run: Run) -> Result:
    ended, states = run.ended, stack.cloud.client("stepfunctions")
    taken = journey(read_history(states, ended["executionArn"]))
    return Result(
        name=scenario.name,
        workflow=scenario.workflow,
        execution=ended["executionArn"],
        status=ended["status"],
        error=ended.get("error"),
        cause=ended.get("cause"),
        output=json.loads(ended["output"]) if ended.get("output") else None,
        path=taken.path,
        transitions=taken.transitions,
        lambdaCalls=taken.lambda_calls,
        attempts=taken.attempts,
        seconds=round(run.seconds, 3),
    )
