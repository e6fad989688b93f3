"""A fault makes a state's call fail, before it is made or after it took effect."""

from typing import Any

import pytest

from local.cloud import Cloud
from local.settling import settle
from tests.emulator.bench import Bench, Grant, jsonata

_FORBIDDEN = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:listTables"}
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


def test_a_fault_may_be_of_one_machine_alone(bench: Bench) -> None:
    definition = jsonata({"Send": {**_FORBIDDEN, "End": True}})
    struck, spared = bench.machine(definition), bench.machine(definition)
    fault = {"state": "Send", "machine": struck, "error": "Lost", "when": "before", "times": 0}
    bench.cloud.inject([fault])
    assert bench.ended(bench.start(spared))["error"] != "Lost"
    assert bench.ended(bench.start(struck))["error"] == "Lost"


def test_how_often_each_fault_has_struck_is_known(bench: Bench) -> None:
    bench.cloud.inject(
        [
            {"state": "Send", "error": "Lost", "when": "after", "times": 2},
            {"state": "Other", "error": "Lost", "when": "before", "times": 0},
            {"state": "Send", "error": "Lost", "when": "after", "times": 0},
        ]
    )
    _send(bench, Retry=[{"ErrorEquals": ["Lost"], **_RETRY}])
    assert bench.cloud.fired() == [2, 0, 1]
    bench.cloud.inject([])
    assert bench.cloud.fired() == []


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
        {"state": "Send", "machine": 1, "error": "Lost"},
        {"function": "pay", "machine": "arn", "error": "Lost"},
        {"function": "pay", "state": "Send", "error": "Lost"},
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


_SENDS = """
    import boto3, os
    def handler(event, context):
        boto3.client("sqs").send_message(QueueUrl=os.environ["SENT"], MessageBody="sent")
        return "answered"
    """


def _sender(bench: Bench, *grants: Grant) -> tuple[str, str]:
    """The ARN of a function that sends a message, and the URL of the queue it sends to."""
    url, arn = bench.queue()
    function = bench.function(
        _SENDS, ("sqs:SendMessage", arn), *grants, Environment={"Variables": {"SENT": url}}
    )
    return function, url


@pytest.mark.parametrize(("when", "sent"), [("before", []), ("after", ["sent"])])
@pytest.mark.parametrize("named", ["name", "ARN"])
def test_a_functions_fault_strikes_before_it_runs_or_loses_its_answer(
    bench: Bench, when: str, sent: list[str], named: str
) -> None:
    function, url = _sender(bench)
    name = function.rpartition(":")[2] if named == "name" else function
    bench.cloud.inject([{"function": name, "error": "Lost", "when": when, "times": 1}])
    assert bench.invoke(function) == {
        "errorType": "Lost",
        "errorMessage": f"Fault injected {when} function '{function.rpartition(':')[2]}' ran.",
    }
    assert bench.received(url, seconds=0.2) == sent
    assert bench.invoke(function) == "answered"
    assert bench.cloud.fired() == [1]


def test_a_functions_fault_reaches_the_task_that_calls_it(bench: Bench) -> None:
    function, url = _sender(bench)
    bench.cloud.inject(
        [
            {"function": function, "error": "Declined", "when": "after", "times": 1},
            {"state": "Call", "error": "Lambda.Unknown", "when": "after", "times": 1},
        ]
    )
    call = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": function},
        "Retry": [{"ErrorEquals": ["Declined", "Lambda.Unknown"], **_RETRY}],
        "Output": "{% $states.result.Payload %}",
        "End": True,
    }
    grant = ("lambda:InvokeFunction", function)
    assert bench.output(jsonata({"Call": call}), grants=[grant]) == "answered"
    assert bench.cloud.fired() == [1, 1]
    assert bench.received(url) == ["sent"] * 3


def test_a_functions_fault_strikes_what_its_queue_gives_it(bench: Bench) -> None:
    url, arn = bench.queue()
    reads = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
    function, sent = _sender(bench, *((read, arn) for read in reads))
    bench.cloud.inject([{"function": function, "error": "Lost", "when": "after", "times": 1}])
    bench.cloud.client("lambda").create_event_source_mapping(
        EventSourceArn=arn, FunctionName=function
    )
    bench.cloud.client("sqs").send_message(QueueUrl=url, MessageBody="x")
    settle(bench.cloud, [url])
    assert bench.received(sent) == ["sent", "sent"]
    assert bench.cloud.fired() == [1]
