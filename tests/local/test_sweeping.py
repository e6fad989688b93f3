"""The schedules run at the end of a scenario, on rows that are old by then."""

import io
import json
from typing import Any
from unittest.mock import Mock

import pytest

from local import sweeping
from local.stack import Stack
from tests.local import doubles


class Condition(Exception):
    """DynamoDB's answer where a condition fails."""


class Cloud:
    """Answers of its functions in turn, the last one for ever."""

    def __init__(self, *answers: dict[str, Any], waits: bool = True) -> None:
        self.answers = list(answers) or [{}]
        self.invoked: list[str] = []
        self.dynamodb = Mock()
        self.dynamodb.exceptions.ConditionalCheckFailedException = Condition
        self.dynamodb.update_item.side_effect = None if waits else Condition

    def invoke(self, **named: Any) -> dict[str, Any]:
        self.invoked.append(named["FunctionName"])
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return {"Payload": io.BytesIO(json.dumps(answer.get("error")).encode()), **answer}

    @property
    def stack(self) -> Stack:
        return doubles.stack(clients={"lambda": self, "dynamodb": self.dynamodb})


FAILED = {
    "FunctionError": "Unhandled",
    "error": {"errorType": "Broken", "errorMessage": "it broke"},
}


@pytest.fixture(autouse=True)
def schedules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "scheduled", lambda _stack: {"a": "a-1", "b": "b-2"})


def test_every_schedule_runs_twice_and_what_it_causes_settles() -> None:
    cloud, settled = Cloud(), Mock()

    assert sweeping.sweep(cloud.stack, "order", settled) == []
    assert cloud.invoked == ["a-1", "b-2", "a-1", "b-2"]
    assert settled.call_count == 2


def test_what_waits_is_old_by_then() -> None:
    cloud = Cloud()
    sweeping.age(cloud.stack, "order")

    asked = [call.kwargs for call in cloud.dynamodb.update_item.call_args_list]
    assert [(each["TableName"], each["ExpressionAttributeNames"]) for each in asked] == [
        ("CustomerOrders-1", {"#column": "UpdatedAt", "#waits": "Waiting"}),
        ("Reservations-1", {"#column": "ExpiresAt", "#waits": "Expiring"}),
    ]
    assert asked[1]["ExpressionAttributeValues"] == {":value": {"N": "1"}}


def test_an_order_that_does_not_wait_is_left_as_it_is() -> None:
    cloud = Cloud(waits=False)

    assert sweeping.sweep(cloud.stack, "order", Mock()) == []


def test_without_an_order_nothing_ages() -> None:
    cloud = Cloud()
    sweeping.sweep(cloud.stack, None, Mock())

    cloud.dynamodb.update_item.assert_not_called()
    assert len(cloud.invoked) == 4


def test_a_schedules_function_that_fails_is_retried_as_lambda_does() -> None:
    cloud = Cloud(FAILED, FAILED, {})

    assert sweeping.sweep(cloud.stack, None, Mock()) == []
    assert cloud.invoked[:3] == ["a-1", "a-1", "a-1"]


def test_a_schedules_function_that_never_succeeds_is_named() -> None:
    errors = sweeping.sweep(Cloud(FAILED).stack, None, Mock())

    assert errors == [f"{name}: Broken: it broke" for name in ("a", "b", "a", "b")]
