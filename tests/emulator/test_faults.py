"""A fault makes a state's call fail, before it is made or after it took effect."""

from typing import Any

import pytest

from local.cloud import Cloud
from tests.emulator.bench import Bench, jsonata

_RETRY = {"IntervalSeconds": 1, "MaxAttempts": 2}


@pytest.fixture(autouse=True)
def _no_fault_stays(cloud: Cloud) -> Any:
    yield
    cloud.inject([])


def _send(bench: Bench, **fields: Any) -> tuple[Any, str]:
    """Run a machine whose state Send sends a message; the execution, and the queue's URL."""
    url, arn = bench.queue()
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {"QueueUrl": url, "MessageBody": "sent"},
        "End": True,
        **fields,
    }
    definition = jsonata({"Send": send, "Caught": {"Type": "Succeed"}})
    return bench.run(definition, grants=[("sqs:SendMessage", arn)]), url


def test_a_fault_before_the_call_keeps_it_from_happening(bench: Bench) -> None:
    bench.cloud.inject([{"state": "Send", "error": "Lost", "when": "before", "times": 0}])
    execution, url = _send(bench)
    assert (execution["status"], execution["error"]) == ("FAILED", "Lost")
    assert bench.received(url, seconds=0.1) == []


def test_a_fault_after_the_call_loses_only_its_answer(bench: Bench) -> None:
    bench.cloud.inject([{"state": "Send", "error": "Lost", "when": "after", "times": 0}])
    execution, url = _send(bench)
    assert (execution["status"], execution["error"]) == ("FAILED", "Lost")
    assert bench.received(url) == ["sent"]


def test_a_fault_strikes_as_often_as_it_says(bench: Bench) -> None:
    bench.cloud.inject([{"state": "Send", "error": "Lost", "when": "after", "times": 2}])
    execution, url = _send(bench, Retry=[{"ErrorEquals": ["Lost"], **_RETRY}])
    assert execution["status"] == "SUCCEEDED"
    assert bench.received(url) == ["sent", "sent", "sent"]


@pytest.mark.parametrize("error", ["States.Timeout", "DynamoDB.InternalServerError", "Declined"])
def test_a_fault_is_caught_by_its_name(bench: Bench, error: str) -> None:
    bench.cloud.inject([{"state": "Send", "error": error, "when": "before", "times": 1}])
    caught = {"ErrorEquals": [error], "Output": "{% $states.errorOutput %}", "Next": "Caught"}
    execution, _ = _send(bench, Catch=[caught])
    assert execution["output"]["Error"] == error
    assert "injected before the call of state 'Send'" in execution["output"]["Cause"]


@pytest.mark.parametrize(
    ("resource", "name"),
    [("dynamodb:getItem", "DynamoDB"), ("aws-sdk:dynamodb:getItem", "DynamoDb")],
)
def test_a_services_fault_has_the_name_that_the_tasks_integration_gives_it(
    bench: Bench, resource: str, name: str
) -> None:
    get = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{resource}",
        "Arguments": {"TableName": "none", "Key": {"Id": {"S": "1"}}},
        "End": True,
    }
    for written in ("DynamoDB", "DynamoDb"):
        error = f"{written}.InternalServerError"
        bench.cloud.inject([{"state": "Get", "error": error, "when": "before", "times": 1}])
        execution = bench.run(jsonata({"Get": get}))
        assert execution["error"] == f"{name}.InternalServerError"


@pytest.mark.parametrize("error", ["States.Runtime", "States.DataLimitExceeded"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_that_nothing_catches_ends_the_execution(
    bench: Bench, error: str, when: str
) -> None:
    bench.cloud.inject([{"state": "Send", "error": error, "when": when, "times": 1}])
    everything = {"ErrorEquals": ["States.ALL"]}
    handled = {"Retry": [{**everything, **_RETRY}], "Catch": [{**everything, "Next": "Caught"}]}
    execution, url = _send(bench, **handled)
    assert (execution["status"], execution["error"]) == ("FAILED", error)
    assert bench.received(url, seconds=0.1) == (["sent"] if when == "after" else [])


def test_a_timeout_fault_is_a_timeout_in_the_history(bench: Bench) -> None:
    bench.cloud.inject([{"state": "Send", "error": "States.Timeout", "when": "after", "times": 1}])
    execution, _ = _send(bench)
    types = [event["type"] for event in bench.events(execution["executionArn"])]
    assert "TaskTimedOut" in types


def test_a_fault_of_another_state_does_nothing(bench: Bench) -> None:
    bench.cloud.inject([{"state": "Other", "error": "Lost", "when": "before", "times": 0}])
    assert _send(bench)[0]["status"] == "SUCCEEDED"


def test_new_faults_replace_the_old(bench: Bench) -> None:
    bench.cloud.inject([{"state": "Send", "error": "Lost", "when": "before", "times": 0}])
    bench.cloud.inject([])
    assert _send(bench)[0]["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    "fault",
    [
        {"state": "Send"},
        {"state": "Send", "error": "Lost", "often": 1},
        {"state": "Send", "error": "Lost", "when": "during"},
        {"state": "Send", "error": "Lost", "times": -1},
        {"state": "Send", "error": "Lost", "times": True},
        {"state": 1, "error": "Lost"},
    ],
)
def test_a_malformed_fault_is_refused_with_a_sentence(cloud: Cloud, fault: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^A fault.*\.$"):
        cloud.inject([fault])


def test_a_fault_keeps_its_name_in_a_call_of_dynamodb(bench: Bench) -> None:
    bench.cloud.inject([{"state": "Put", "error": "States.Timeout", "when": "before", "times": 1}])
    put = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:putItem",
        "Arguments": {"TableName": "none", "Item": {"Id": {"S": "1"}}},
        "End": True,
    }
    failed = bench.run(jsonata({"Put": put}))
    assert (failed["error"], failed["status"]) == ("States.Timeout", "FAILED")
