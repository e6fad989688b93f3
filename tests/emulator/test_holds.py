"""An execution is held where a state's call is made and its answer is not yet processed."""

from typing import Any

import pytest

from tests.emulator.bench import Bench, jsonata, until

_TYPES = {"plain", "branch", "iteration"}


def _machine(bench: Bench, shape: str = "plain", **fields: Any) -> tuple[str, str]:
    """The ARN of a machine whose task Send sends a message, and the URL of the queue."""
    url, arn = bench.queue()
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {"QueueUrl": url, "MessageBody": "sent"},
        "End": True,
        **fields,
    }
    part = {"StartAt": "Send", "States": {"Send": send}}
    around = {
        "plain": send,
        "branch": {"Type": "Parallel", "Branches": [part], "End": True},
        "iteration": {"Type": "Map", "Items": [1], "ItemProcessor": part, "End": True},
    }
    states = {"Send" if shape == "plain" else "Around": around[shape]}
    return bench.machine(jsonata(states), ("sqs:SendMessage", arn)), url


def _types(bench: Bench, execution: str) -> list[str]:
    return [event["type"] for event in bench.events(execution)]


@pytest.mark.parametrize("shape", sorted(_TYPES))
def test_an_execution_stands_between_a_call_and_its_answer(bench: Bench, shape: str) -> None:
    machine, url = _machine(bench, shape)
    bench.cloud.hold(machine, "Send")
    execution = bench.start(machine)
    assert bench.cloud.held(machine, within=3) == execution
    assert bench.received(url) == ["sent"]
    assert not bench.cloud.has_ended(execution, within=0.3)
    assert "TaskSucceeded" not in _types(bench, execution)
    assert bench.cloud.release(execution) == 1
    assert bench.ended(execution)["status"] == "SUCCEEDED"
    assert bench.cloud.held(execution) is None


@pytest.mark.parametrize("shape", sorted(_TYPES))
def test_a_held_execution_that_is_stopped_ends_at_once(bench: Bench, shape: str) -> None:
    machine, _ = _machine(bench, shape)
    bench.cloud.hold(machine, "Send")
    execution = bench.start(machine)
    assert bench.cloud.held(execution, within=3) == execution
    bench.cloud.client("stepfunctions").stop_execution(executionArn=execution, error="Recalled")
    assert bench.cloud.has_ended(execution)
    assert bench.ended(execution)["error"] == "Recalled"
    assert _types(bench, execution)[-1] == "ExecutionAborted"
    until(lambda: bench.cloud.held(machine) is None)
    assert "TaskSucceeded" not in _types(bench, execution)


def test_one_execution_is_held_and_the_next_passes(bench: Bench) -> None:
    machine, _ = _machine(bench)
    bench.cloud.hold(machine, "Send")
    first = bench.start(machine)
    assert bench.cloud.held(first, within=3) == first
    assert bench.ended(bench.start(machine))["status"] == "SUCCEEDED"
    bench.cloud.release(machine)
    assert bench.ended(first)["status"] == "SUCCEEDED"


def test_another_machine_is_not_held(bench: Bench) -> None:
    (held, _), (other, _) = _machine(bench), _machine(bench)
    bench.cloud.hold(held, "Send")
    assert bench.ended(bench.start(other))["status"] == "SUCCEEDED"
    assert bench.cloud.held(held, within=0.1) is None
    assert bench.cloud.release(held) == 1
    assert bench.ended(bench.start(held))["status"] == "SUCCEEDED", "nothing is held any more"


def test_a_call_that_failed_holds_as_well(bench: Bench) -> None:
    machine, _ = _machine(bench, Arguments={"QueueUrl": "none", "MessageBody": "lost"})
    bench.cloud.hold(machine, "Send")
    execution = bench.start(machine)
    assert bench.cloud.held(machine, within=3) == execution
    bench.cloud.release(machine)
    assert bench.ended(execution)["status"] == "FAILED"


def test_a_lost_answer_is_lost_after_the_hold(bench: Bench) -> None:
    machine, _ = _machine(bench)
    bench.cloud.hold(machine, "Send")
    bench.cloud.inject([{"state": "Send", "error": "Lost", "when": "after", "times": 1}])
    execution = bench.start(machine)
    assert bench.cloud.held(machine, within=3) == execution
    assert bench.cloud.fired() == [0]
    bench.cloud.release(machine)
    assert bench.ended(execution)["error"] == "Lost"
    bench.cloud.inject([])


def test_a_hold_of_what_is_not_there_is_refused_with_a_sentence(bench: Bench) -> None:
    machine, _ = _machine(bench)
    with pytest.raises(ValueError, match="has no Task state 'Sned'; it has Send"):
        bench.cloud.hold(machine, "Sned")
    with pytest.raises(ValueError, match="There is no state machine"):
        bench.cloud.hold(f"{machine}-not", "Send")
    with pytest.raises(ValueError, match="is no ARN of a state machine"):
        bench.cloud.hold("order_processing", "Send")
