"""Counting what an execution costs."""

from typing import Any

from local.history import journey


def entered(kind: str, name: str) -> dict[str, Any]:
    return {"type": f"{kind}StateEntered", "stateEnteredEventDetails": {"name": name}}


def scheduled(resource_type: str) -> dict[str, Any]:
    return {
        "type": "TaskScheduled",
        "taskScheduledEventDetails": {"resourceType": resource_type},
    }


def test_the_path_is_the_states_in_the_order_entered() -> None:
    events = [{"type": "ExecutionStarted"}, entered("Choice", "A"), entered("Pass", "B")]

    assert journey(events).path == ("A", "B")
    assert journey(events).transitions == 2


def test_a_retry_is_a_transition_and_a_call_of_its_own() -> None:
    events = [entered("Task", "Charge"), scheduled("lambda"), scheduled("lambda")]

    assert journey(events).transitions == 2
    assert journey(events).lambda_calls == 2


def test_a_call_of_another_service_is_no_lambda_call() -> None:
    events = [entered("Task", "Write"), scheduled("dynamodb")]

    assert journey(events).lambda_calls == 0
    assert journey(events).transitions == 1
