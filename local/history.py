"""What an execution's history says: the path it took and what that costs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_LAMBDA = "lambda"
_ATTEMPTS = {"TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled"}


@dataclass(frozen=True)
class Journey:
    """The states in the order entered, billed transitions (retries too), and the calls made.

    Attributes:
        path: the states in the order entered.
        transitions: those that are billed, retries too.
        lambda_calls: how many of the calls went to functions.
        attempts: how often its call was made, by state.
    """

    path: tuple[str, ...]
    transitions: int
    lambda_calls: int
    attempts: dict[str, int]


def read_history(client: Any, execution_arn: str) -> list[dict[str, Any]]:
    """Every event of an execution, oldest first."""
    pages = client.get_paginator("get_execution_history").paginate(executionArn=execution_arn)
    return [event for page in pages for event in page["events"]]


def journey(events: Sequence[dict[str, Any]]) -> Journey:
    """The path of an execution, counted as AWS bills it.

    A state transition is a state entered or a retry of one (AWS Step Functions pricing).
    """
    entered = [event["stateEnteredEventDetails"]["name"] for event in events if _is_entry(event)]
    tasks = sum(event["type"] == "TaskStateEntered" for event in events)
    attempts = [event for event in events if event["type"] in _ATTEMPTS]
    retries = max(0, len(attempts) - tasks)
    calls = sum(_is_lambda(event) for event in attempts)
    by_state = Counter(_state(event, events) for event in attempts)
    return Journey(tuple(entered), len(entered) + retries, calls, dict(by_state))


def _state(event: dict[str, Any], events: Sequence[dict[str, Any]]) -> str:
    """The state that an event belongs to: its own way back leads to where that was entered."""
    while not _is_entry(event):
        event = events[event["previousEventId"] - 1]  # ids count from 1
    return str(event["stateEnteredEventDetails"]["name"])


def _is_entry(event: dict[str, Any]) -> bool:
    return str(event["type"]).endswith("StateEntered")


def _is_lambda(event: dict[str, Any]) -> bool:
    if event["type"] == "LambdaFunctionScheduled":
        return True
    details = event.get("taskScheduledEventDetails", {})
    return bool(details.get("resourceType") == _LAMBDA)
