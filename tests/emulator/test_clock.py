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


def _denied(**retry: Any) -> Any:
    """A machine whose only task always fails, and is retried by this rule."""
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:dynamodb:listTables",
        "Retry": [{"ErrorEquals": ["States.ALL"], **retry}],
        "End": True,
    }
    return jsonata({"Denied": task})


@pytest.mark.parametrize("jitter", ["NONE", "FULL"])
def test_the_longest_retries_are_exhausted_in_a_second(bench: Bench, jitter: str) -> None:
    capped = {"IntervalSeconds": 1, "BackoffRate": 2, "MaxDelaySeconds": 60}
    definition = _denied(**capped, MaxAttempts=10, JitterStrategy=jitter)
    _timed(bench, definition)  # what is made at a first call, clients among it, takes its time
    took, execution = _timed(bench, definition)
    assert execution["status"] == "FAILED"
    events = [event["type"] for event in bench.events(execution["executionArn"])]
    assert events.count("TaskFailed") == 11
    assert took < 1


def test_a_pause_before_a_retry_lasts_as_declared_on_a_real_clock(bench: Bench) -> None:
    bench.cloud.pace(1)
    try:
        took, _ = _timed(bench, _denied(IntervalSeconds=1, MaxAttempts=1))
    finally:
        bench.cloud.pace(_SCALE)
    assert 1 <= took < 2


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


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        ({"TimeoutSeconds": 86400}, "States.Timeout"),
        ({"TimeoutSeconds": 86400, "HeartbeatSeconds": 3600}, "States.HeartbeatTimeout"),
    ],
)
def test_a_hurried_wait_ends_in_a_second_by_what_would_have_ended_it(
    bench: Bench, limits: dict[str, int], error: str
) -> None:
    execution, _ = _waiting(bench, **limits)
    bystander, token = _waiting(bench, **limits)
    bench.cloud.hurry(execution)
    assert bench.ended(execution)["error"] == error
    bench.cloud.client("stepfunctions").send_task_success(taskToken=token, output='"calm"')
    assert bench.ended(bystander)["output"] == "calm"


def test_an_answer_still_comes_in_time_to_a_hurried_execution(bench: Bench) -> None:
    execution, token = _waiting(bench, TimeoutSeconds=86400)
    bench.cloud.hurry(execution)
    bench.cloud.client("stepfunctions").send_task_success(taskToken=token, output='"in time"')
    assert bench.ended(execution)["output"] == "in time"


def test_to_hurry_takes_an_execution(bench: Bench) -> None:
    with pytest.raises(ValueError, match="execution"):
        bench.cloud.control("hurry", {"order": "1"})


def test_an_answer_before_the_wait_is_taken_at_once(bench: Bench) -> None:
    answers = """
        import boto3
        def handler(event, context):
            states = boto3.client("stepfunctions")
            states.send_task_success(taskToken=event["token"], output='"at once"')
        """
    function = bench.function(answers, ("states:SendTaskSuccess", "*"))
    payload = {"token": "{% $states.context.Task.Token %}"}
    call = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Arguments": {"FunctionName": function, "Payload": payload},
        "HeartbeatSeconds": 1000,
        "TimeoutSeconds": 2000,
        "End": True,
    }
    grant = ("lambda:InvokeFunction", function)
    assert bench.output(jsonata({"Call": call}), grants=[grant]) == "at once"


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


def test_the_clock_is_slowed_and_hurried_while_the_cloud_runs(bench: Bench) -> None:
    wait = jsonata({"W": {"Type": "Wait", "Seconds": 2, "End": True}})
    bench.cloud.pace(4)
    slower, _ = _timed(bench, wait)
    bench.cloud.pace(_SCALE)
    faster, _ = _timed(bench, wait)
    assert faster < 2 / 4 <= slower < 2


def test_a_clock_that_stands_still_is_refused(bench: Bench) -> None:
    with pytest.raises(ValueError, match="above 0, not 0"):
        bench.cloud.pace(0)
