"""Counting what an execution costs."""

from typing import Any

from local.history import journey


def entered(kind: str, name: str) -> dict[str, Any]:
    return {"type": f"{kind}StateEntered", "stateEnteredEventDetails": {"name": name}}


def scheduled(resource_type: str, after: int = 1) -> dict[str, Any]:
    """A call, made after the event with this id; the first event has id 1."""
    return {
        "type": "TaskScheduled",
        "previousEventId": after,
        "taskScheduledEventDetails": {"resourceType": resource_type},
    }


def test_the_path_is_the_states_in_the_order_entered() -> None:
    events = [{"type": "ExecutionStarted"}, entered("Choice", "A"), entered("Pass", "B")]

    assert journey(events).path == ("A", "B")
    assert journey(events).transitions == 2


def test_a_retry_is_a_transition_and_a_call_of_its_own() -> None:
    events = [entered("Task", "Charge"), scheduled("lambda"), scheduled("lambda", after=2)]

    assert journey(events).transitions == 2
    assert journey(events).lambda_calls == 2


def test_a_call_of_another_service_is_no_lambda_call() -> None:
    events = [entered("Task", "Write"), scheduled("dynamodb")]

    assert journey(events).lambda_calls == 0
    assert journey(events).transitions == 1


def test_the_calls_of_states_side_by_side_are_counted_apart() -> None:
    events = [
        entered("Task", "Charge"),
        entered("Task", "Reserve"),
        scheduled("dynamodb", after=2),
        scheduled("lambda", after=1),
        scheduled("lambda", after=4),
    ]

    assert journey(events).attempts == {"Charge": 2, "Reserve": 1}
