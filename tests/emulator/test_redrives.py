"""RedriveExecution lets an unsuccessful execution go on where it ended.

Tests marked so are the contract of one patch.
"""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import Cloud
from tests.emulator.bench import Bench, jsonata, until
from tests.emulator.contracts import contract

_ASSIGN = {"Type": "Pass", "Assign": {"kept": "{% $states.input.given %}"}, "Output": {"n": 7}}


@pytest.fixture(autouse=True)
def _no_fault_stays(cloud: Cloud) -> Iterator[None]:
    yield
    cloud.inject([])


def _machine(bench: Bench, shape: str = "plain", **fields: Any) -> tuple[str, str]:
    """The ARN of a machine that assigns a variable, then sends a message; and the queue's URL."""
    url, arn = bench.queue()
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {
            "QueueUrl": url,
            "MessageBody": "{% $kept & ' ' & $string($states.input.n) %}",
        },
        "Output": "{% $kept %}",
        "End": True,
    }
    part = {"StartAt": "Send", "States": {"Send": send}}
    last = {
        "plain": send,
        "branch": {"Type": "Parallel", "Branches": [part], "End": True},
        "iteration": {"Type": "Map", "Items": [1], "ItemProcessor": part, "End": True},
    }[shape]
    states = {"Assign": {**_ASSIGN, "Next": "Last"}, "Last": last}
    if shape == "plain":
        states = {"Assign": {**_ASSIGN, "Next": "Send"}, "Send": send}
    return bench.machine(jsonata(states, **fields), ("sqs:SendMessage", arn)), url


def _failed(bench: Bench, machine: str) -> str:
    """The ARN of an execution whose state Send failed before its call."""
    bench.cloud.inject([{"state": "Send", "error": "Lost", "when": "before", "times": 1}])
    execution = bench.start(machine, {"given": "v"})
    assert bench.ended(execution)["status"] == "FAILED"
    return execution


def _redrive(bench: Bench, execution: str, **fields: Any) -> dict[str, Any]:
    states = bench.cloud.client("stepfunctions")
    return dict(states.redrive_execution(executionArn=execution, **fields))


def _types(bench: Bench, execution: str) -> list[str]:
    return [event["type"] for event in bench.events(execution)]


@contract("redrive_execution")
def test_a_failed_execution_goes_on_with_its_input_and_variables(bench: Bench) -> None:
    machine, url = _machine(bench)
    execution = _failed(bench, machine)
    before = _types(bench, execution)
    date = _redrive(bench, execution)["redriveDate"]
    found = bench.ended(execution)
    assert (found["status"], found["output"]) == ("SUCCEEDED", "v")
    assert "error" not in found
    assert bench.received(url) == ["v 7"]
    after = _types(bench, execution)
    assert after[: len(before)] == before
    assert after[len(before) :] == [
        "ExecutionRedriven",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]
    events = bench.events(execution)
    assert events[len(before)]["executionRedrivenEventDetails"] == {"redriveCount": 1}
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert (found["redriveCount"], found["redriveDate"]) == (1, date)


def test_an_execution_says_whether_it_can_be_redriven(bench: Bench) -> None:
    machine, _ = _machine(bench)
    execution = _failed(bench, machine)
    failed = bench.ended(execution)
    assert (failed["redriveCount"], failed["redriveStatus"]) == (0, "REDRIVABLE")
    _redrive(bench, execution)
    succeeded = bench.ended(execution)
    assert succeeded["redriveStatus"] == "NOT_REDRIVABLE"
    assert "SUCCEEDED" in succeeded["redriveStatusReason"]


def test_it_may_fail_and_be_redriven_again(bench: Bench) -> None:
    machine, url = _machine(bench)
    execution = _failed(bench, machine)
    bench.cloud.inject([{"state": "Send", "error": "Again", "when": "after", "times": 1}])
    _redrive(bench, execution)
    assert bench.ended(execution)["error"] == "Again"
    _redrive(bench, execution)
    found = bench.ended(execution)
    assert (found["status"], found["redriveCount"]) == ("SUCCEEDED", 2)
    assert bench.received(url) == ["v 7", "v 7"]


def test_an_execution_that_was_stopped_at_a_hold_goes_on_there(bench: Bench) -> None:
    machine, url = _machine(bench)
    bench.cloud.hold(machine, "Send")
    execution = bench.start(machine, {"given": "v"})
    assert bench.cloud.held(execution, within=3) == execution
    bench.cloud.client("stepfunctions").stop_execution(executionArn=execution, error="Recalled")
    _redrive(bench, execution)
    found = bench.ended(execution)
    assert (found["status"], found["output"]) == ("SUCCEEDED", "v")
    assert bench.received(url) == ["v 7", "v 7"]
    types = _types(bench, execution)
    assert types.count("TaskSucceeded") == 1, "the thread that stood writes no more"
    assert types[types.index("ExecutionRedriven") - 1] == "ExecutionAborted"


def test_an_execution_stopped_between_two_states_goes_on_with_the_second(bench: Bench) -> None:
    wait = {"Type": "Wait", "Seconds": 20, "Next": "Done"}
    states = {"First": {**_ASSIGN, "Next": "Wait"}, "Wait": wait, "Done": {"Type": "Succeed"}}
    execution = bench.start(bench.machine(jsonata(states)), {"given": "v"})
    until(lambda: "WaitStateEntered" in _types(bench, execution))
    bench.cloud.client("stepfunctions").stop_execution(executionArn=execution)
    _redrive(bench, execution)
    assert bench.ended(execution)["output"] == {"n": 7}
    assert _types(bench, execution).count("PassStateEntered") == 1


def test_the_machines_timeout_begins_anew(bench: Bench) -> None:
    wait = {"Type": "Wait", "Seconds": 20, "End": True}
    execution = bench.start(bench.machine(jsonata({"Wait": wait}, TimeoutSeconds=10)))
    assert bench.ended(execution)["status"] == "TIMED_OUT"
    _redrive(bench, execution)
    found = bench.ended(execution)
    assert (found["status"], found["redriveCount"]) == ("TIMED_OUT", 1)
    assert _types(bench, execution) == [
        "ExecutionStarted",
        "WaitStateEntered",
        "ExecutionTimedOut",
        "ExecutionRedriven",
        "WaitStateEntered",
        "ExecutionTimedOut",
    ]


def test_retries_are_counted_anew(bench: Bench) -> None:
    url, arn = bench.queue()
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {"QueueUrl": url, "MessageBody": "sent"},
        "Retry": [{"ErrorEquals": ["Lost"], "MaxAttempts": 1}],
        "End": True,
    }
    machine = bench.machine(jsonata({"Send": send}), ("sqs:SendMessage", arn))
    bench.cloud.inject([{"state": "Send", "error": "Lost", "when": "before", "times": 3}])
    execution = bench.start(machine)
    assert bench.ended(execution)["status"] == "FAILED"
    _redrive(bench, execution)
    assert bench.ended(execution)["status"] == "SUCCEEDED"
    assert bench.cloud.fired() == [3]


def test_a_fail_state_is_reentered_and_fails_again(bench: Bench) -> None:
    fail = {"Type": "Fail", "Error": "OutOfStock", "Cause": "none left"}
    execution = bench.start(
        bench.machine(jsonata({"First": {"Type": "Pass", "Next": "Stop"}, "Stop": fail}))
    )
    bench.ended(execution)
    _redrive(bench, execution)
    found = bench.ended(execution)
    assert (found["status"], found["error"], found["redriveCount"]) == ("FAILED", "OutOfStock", 1)
    assert _types(bench, execution)[-3:] == [
        "ExecutionRedriven",
        "FailStateEntered",
        "ExecutionFailed",
    ]


def test_a_token_of_the_attempt_before_is_over(bench: Bench) -> None:
    url, arn = bench.queue()
    wait = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": {"QueueUrl": url, "MessageBody": "{% $states.context.Task.Token %}"},
        "End": True,
    }
    execution = bench.start(bench.machine(jsonata({"Wait": wait}), ("sqs:SendMessage", arn)))
    (old,) = bench.received(url)
    states = bench.cloud.client("stepfunctions")
    states.stop_execution(executionArn=execution)
    time.sleep(0.3)
    _redrive(bench, execution)
    (new,) = bench.received(url)
    with pytest.raises(ClientError, match="TaskTimedOut"):
        states.send_task_success(taskToken=old, output='"old"')
    states.send_task_success(taskToken=new, output='"new"')
    assert bench.ended(execution)["output"] == "new"


def test_a_repeated_request_redrives_once(bench: Bench) -> None:
    machine, url = _machine(bench)
    execution = _failed(bench, machine)
    first = _redrive(bench, execution, clientToken="again")
    bench.ended(execution)
    assert _redrive(bench, execution, clientToken="again")["redriveDate"] == first["redriveDate"]
    assert bench.ended(execution)["redriveCount"] == 1
    assert bench.received(url) == ["v 7"]


def test_what_succeeded_or_runs_is_not_redrivable(bench: Bench) -> None:
    machine, _ = _machine(bench)
    bench.cloud.hold(machine, "Send")
    execution = bench.start(machine, {"given": "v"})
    with pytest.raises(ClientError, match=r"ExecutionNotRedrivable.*RUNNING"):
        _redrive(bench, execution)
    bench.cloud.release(machine)
    bench.ended(execution)
    with pytest.raises(ClientError, match=r"ExecutionNotRedrivable.*SUCCEEDED"):
        _redrive(bench, execution)


def test_an_express_execution_is_not_redrivable(bench: Bench) -> None:
    fail = jsonata({"Stop": {"Type": "Fail"}})
    execution = bench.start(bench.machine(fail, type="EXPRESS"))
    with pytest.raises(ClientError, match=r"ExecutionNotRedrivable.*Express"):
        _redrive(bench, execution)


@pytest.mark.parametrize(("shape", "kind"), [("branch", "Parallel"), ("iteration", "Map")])
def test_a_failure_in_a_branch_or_iteration_is_refused_by_its_states_name(
    bench: Bench, shape: str, kind: str
) -> None:
    machine, _ = _machine(bench, shape)
    execution = _failed(bench, machine)
    with pytest.raises(ClientError, match=f"ended inside the {kind} state 'Last'"):
        _redrive(bench, execution)
    assert bench.ended(execution)["status"] == "FAILED"


def test_redriving_needs_the_permission_on_the_execution(bench: Bench) -> None:
    machine, _ = _machine(bench)
    execution = _failed(bench, machine)
    redrives = """
        import boto3
        def handler(event, context):
            boto3.client("stepfunctions").redrive_execution(executionArn=event)
        """
    executions = machine.replace(":stateMachine:", ":execution:") + ":*"
    denied = bench.function(redrives, ("states:RedriveExecution", machine))
    assert "AccessDenied" in bench.invoke(denied, execution)["errorMessage"]
    allowed = bench.function(redrives, ("states:RedriveExecution", executions))
    assert bench.invoke(allowed, execution) is None
    assert bench.ended(execution)["status"] == "SUCCEEDED"
