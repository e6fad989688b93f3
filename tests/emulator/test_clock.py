"""Waits pass twenty times faster; history keeps the declared seconds."""

import time
from typing import Any

import pytest

from tests.emulator.bench import Bench, jsonata

_SCALE = 20


def _timed(bench: Bench, definition: Any) -> tuple[float, Any]:
    machine = bench.machine(definition)
    began = time.monotonic()
    execution = bench.ended(bench.start(machine))
    return time.monotonic() - began, execution


@pytest.mark.parametrize("seconds", [5, "{% 2.5 * 2 %}"])
def test_a_wait_passes_faster(bench: Bench, seconds: Any) -> None:
    took, execution = _timed(
        bench, jsonata({"W": {"Type": "Wait", "Seconds": seconds, "End": True}})
    )
    assert execution["status"] == "SUCCEEDED"
    assert 5 / _SCALE <= took < 5 / 2


def test_a_retry_interval_passes_faster(bench: Bench) -> None:
    retry = {
        "ErrorEquals": ["States.ALL"],
        "IntervalSeconds": 2,
        "MaxAttempts": 2,
        "BackoffRate": 2,
    }
    resource = "arn:aws:states:::aws-sdk:dynamodb:listTables"
    task = {"Type": "Task", "Resource": resource, "Retry": [retry], "End": True}
    took, execution = _timed(bench, jsonata({"Denied": task}))
    assert execution["status"] == "FAILED"
    assert 6 / _SCALE <= took < 6 / 2


def test_a_machines_timeout_passes_faster(bench: Bench) -> None:
    wait = {"Type": "Wait", "Seconds": 100, "End": True}
    took, execution = _timed(bench, jsonata({"W": wait}, TimeoutSeconds=6))
    assert execution["status"] == "TIMED_OUT"
    assert 6 / _SCALE <= took < 6 / 2


def _waiting(bench: Bench, **limits: int) -> tuple[str, str]:
    """The ARN of an execution that waits for an answer, and the token to answer with."""
    url, arn = bench.queue()
    wait = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": {"QueueUrl": url, "MessageBody": "{% $states.context.Task.Token %}"},
        "End": True,
        **limits,
    }
    execution = bench.start(bench.machine(jsonata({"Wait": wait}), ("sqs:SendMessage", arn)))
    (token,) = bench.received(url)
    return execution, token


def test_a_tokens_timeout_passes_faster(bench: Bench) -> None:
    began = time.monotonic()
    execution, _ = _waiting(bench, TimeoutSeconds=20)
    assert bench.ended(execution)["error"] == "States.Timeout"
    assert 20 / _SCALE <= time.monotonic() - began < 20 / 2


def test_heartbeats_do_not_put_a_timeout_off(bench: Bench) -> None:
    execution, token = _waiting(bench, TimeoutSeconds=20, HeartbeatSeconds=10)
    states = bench.cloud.client("stepfunctions")
    for _ in range(4):
        time.sleep(0.2)
        states.send_task_heartbeat(taskToken=token)
    assert bench.ended(execution)["error"] == "States.Timeout"


def test_a_functions_time_is_real(bench: Bench) -> None:
    function = bench.function("import time\ndef handler(event, context): time.sleep(0.5)\n")
    call = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": function},
        "TimeoutSeconds": 5,
        "End": True,
    }
    grant = ("lambda:InvokeFunction", function)
    assert bench.run(jsonata({"Call": call}), grants=[grant])["status"] == "SUCCEEDED"
