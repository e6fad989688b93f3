"""The default bus and the metrics are told when an execution starts and ends."""

import json
from typing import Any

import pytest

from tests.emulator.bench import Bench, jsonata, policy, until

_FAIL = {"Stop": {"Type": "Fail", "Error": "OutOfStock", "Cause": "none left"}}
_WAIT = {"Wait": {"Type": "Wait", "Seconds": 1000, "End": True}}


def _told(bench: Bench, machine: str, *statuses: str) -> str:
    """The URL of a queue that is told of the machine's executions with these statuses."""
    url, arn = bench.queue()
    document = policy(("sqs:SendMessage", arn), principal={"Service": "events.amazonaws.com"})
    bench.cloud.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})
    pattern = {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"stateMachineArn": [machine], "status": list(statuses)},
    }
    events, name = bench.cloud.client("events"), bench.name("rule")
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
    return url


def _detail(bench: Bench, url: str) -> dict[str, Any]:
    (body,) = bench.received(url)
    detail: dict[str, Any] = json.loads(body)["detail"]
    return detail


def test_a_failure_is_told_with_its_input_error_and_cause(bench: Bench) -> None:
    machine = bench.machine(jsonata(_FAIL))
    url = _told(bench, machine, "FAILED")
    execution = bench.start(machine, {"orderId": "1"}, name="order-1")
    detail = _detail(bench, url)
    dates = detail.pop("stopDate") - detail.pop("startDate")
    assert 0 <= dates < 5000
    assert detail == {
        "executionArn": execution,
        "stateMachineArn": machine,
        "name": "order-1",
        "status": "FAILED",
        "input": '{"orderId": "1"}',
        "inputDetails": {"included": True},
        "output": None,
        "outputDetails": None,
        "error": "OutOfStock",
        "cause": "none left",
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "REDRIVABLE",
        "redriveStatusReason": None,
    }


def test_a_success_is_told_with_its_output(bench: Bench) -> None:
    machine = bench.machine(jsonata({"Done": {"Type": "Succeed", "Output": [1]}}))
    url = _told(bench, machine, "SUCCEEDED")
    bench.start(machine)
    detail = _detail(bench, url)
    assert json.loads(detail["output"]) == [1]
    assert detail["outputDetails"] == {"included": True}


def test_an_event_leaves_out_data_that_is_too_large_for_it(bench: Bench) -> None:
    machine = bench.machine(jsonata(_FAIL))
    url = _told(bench, machine, "FAILED")
    bench.start(machine, {"text": "x" * 254_000})
    detail = _detail(bench, url)
    assert (detail["input"], detail["inputDetails"]) == (None, {"included": False})
    assert detail["error"] == "OutOfStock"


def test_an_abort_is_told_once(bench: Bench) -> None:
    machine = bench.machine(jsonata(_WAIT))
    url = _told(bench, machine, "SUCCEEDED", "FAILED", "ABORTED", "TIMED_OUT")
    execution = bench.start(machine)
    states = bench.cloud.client("stepfunctions")
    for _ in range(2):
        states.stop_execution(executionArn=execution, error="Recalled", cause="by hand")
    detail = _detail(bench, url)
    assert (detail["status"], detail["error"], detail["cause"]) == (
        "ABORTED",
        "Recalled",
        "by hand",
    )
    assert bench.received(url, seconds=0.3) == []


def test_a_timeout_is_told(bench: Bench) -> None:
    machine = bench.machine(jsonata(_WAIT, TimeoutSeconds=2))
    url = _told(bench, machine, "TIMED_OUT")
    bench.start(machine)
    assert _detail(bench, url)["status"] == "TIMED_OUT"


def test_a_start_is_told_without_an_end(bench: Bench) -> None:
    machine = bench.machine(jsonata(_WAIT))
    url = _told(bench, machine, "RUNNING")
    bench.start(machine)
    detail = _detail(bench, url)
    assert (detail["status"], detail["stopDate"]) == ("RUNNING", None)


def test_a_redrive_is_reported_as_a_start_and_its_end_again(bench: Bench) -> None:
    machine = bench.machine(jsonata(_FAIL))
    url = _told(bench, machine, "RUNNING", "FAILED")
    execution = bench.start(machine)
    bench.ended(execution)
    until(lambda: len(bench.received(url, seconds=0.1)) > 0)
    bench.received(url, seconds=0.3)
    bench.cloud.client("stepfunctions").redrive_execution(executionArn=execution)
    bench.ended(execution)
    found = [json.loads(body)["detail"] for body in bench.received(url)]
    found += [json.loads(body)["detail"] for body in bench.received(url, seconds=0.3)]
    seen = [(each["status"], each["redriveCount"], each["redriveStatus"]) for each in found]
    assert seen == [("RUNNING", 1, "NOT_REDRIVABLE"), ("FAILED", 1, "REDRIVABLE")]
    assert all(each["redriveDate"] >= each["startDate"] for each in found)


def test_an_alarm_on_failed_executions_rings(bench: Bench) -> None:
    url, arn = bench.queue()
    sqs, sns = bench.cloud.client("sqs"), bench.cloud.client("sns")
    document = policy(("sqs:SendMessage", arn), principal={"Service": "sns.amazonaws.com"})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})
    topic = sns.create_topic(Name=bench.name("topic"))["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    machine = bench.machine(jsonata(_FAIL))
    bench.cloud.client("cloudwatch").put_metric_alarm(
        AlarmName=bench.name("alarm"),
        Namespace="AWS/States",
        MetricName="ExecutionsFailed",
        Dimensions=[{"Name": "StateMachineArn", "Value": machine}],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[topic],
    )
    bench.ended(bench.start(machine))
    (body,) = bench.received(url, seconds=15)
    assert json.loads(json.loads(body)["Message"])["NewStateValue"] == "ALARM"


@pytest.mark.parametrize("started", ["sync", "async"])
def test_an_express_machine_tells_nothing(bench: Bench, started: str) -> None:
    states = bench.cloud.client("stepfunctions")
    machine = bench.machine(jsonata({"Done": {"Type": "Succeed"}}), type="EXPRESS")
    url = _told(bench, machine, "SUCCEEDED")
    if started == "sync":
        states.start_sync_execution(stateMachineArn=machine)
    else:
        execution = bench.start(machine)
        until(lambda: bench.ended(execution))
    assert bench.received(url, seconds=0.2) == []
