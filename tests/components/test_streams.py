"""Tables that pass on their changes, functions that read them, and what they cannot handle."""

from typing import Any

import pulumi
import pytest

from components.aws.function import PythonFunction
from components.aws.queue import DeadLetters
from components.aws.table import Table
from components.aws.topic import Topic

CHANGES: Any = {"attributes": {"Id": "S"}, "hash_key": "Id", "stream": True}


def topic() -> Topic:
    return Topic("alerts", {"key": "arn:key", "alarms": True})


def reader(**more: Any) -> None:
    """A function that reads the streams of two tables."""
    support = topic()
    args: Any = {
        "handler": "handlers.f.handler",
        "code": pulumi.StringAsset("pass"),
        "environment": {},
        "allow": [],
        "alarms": support,
        "streams": {
            "tables": {"things": Table("Things", CHANGES), "others": Table("Others", CHANGES)},
            "failures": DeadLetters("lost", {"alarms": support}),
        },
        **more,
    }
    PythonFunction("f", args)


@pytest.fixture(scope="module")
def made(register: Any) -> Any:
    return register(reader)


def test_a_table_passes_on_each_change_with_the_row_before_and_after(made: Any) -> None:
    table = made.named("dynamodb/table:Table", "Things")

    assert table["streamEnabled"] is True
    assert table["streamViewType"] == "NEW_AND_OLD_IMAGES"


def test_a_table_passes_nothing_on_unless_it_is_asked_to(register: Any) -> None:
    made = register(lambda: Table("quiet", {"attributes": {"Id": "S"}, "hash_key": "Id"}))

    assert not {"streamEnabled", "streamViewType"} & set(made.of("dynamodb/table:Table")[0])


@pytest.mark.parametrize(("source", "table"), [("things", "Things"), ("others", "Others")])
def test_a_stream_is_read_from_its_oldest_record_on_and_each_record_reported(
    made: Any, source: str, table: str
) -> None:
    mapping = made.named("lambda/eventSourceMapping:EventSourceMapping", f"f-{source}")

    assert f":{table}/stream/" in mapping["eventSourceArn"]
    assert mapping["startingPosition"] == "TRIM_HORIZON"
    assert mapping["functionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["bisectBatchOnFunctionError"] is True


@pytest.mark.parametrize("source", ["things", "others"])
def test_a_record_is_tried_for_hours_and_then_goes_to_the_dead_letters(
    made: Any, source: str
) -> None:
    mapping = made.named("lambda/eventSourceMapping:EventSourceMapping", f"f-{source}")

    assert mapping["maximumRecordAgeInSeconds"] == 6 * 3600
    assert "maximumRetryAttempts" not in mapping  # the age alone limits it
    destination = mapping["destinationConfig"]["onFailure"]["destinationArn"]
    assert destination.endswith(":lost")


def test_a_reader_may_read_its_streams_and_send_what_it_cannot_handle_and_no_more(
    made: Any,
) -> None:
    _, _, *consume = made.statements("iam/rolePolicy:RolePolicy", "f-policy")

    reads = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
    assert [(each["Action"], each["Resource"][0].rpartition(":")[2]) for each in consume] == [
        (reads, "00.000"),
        (["dynamodb:ListStreams"], "*"),
        (reads, "00.000"),
        (["dynamodb:ListStreams"], "*"),
        (["sqs:SendMessage"], "lost"),
    ]
    assert {":Things/stream/" in each["Resource"][0] for each in consume[:1]} == {True}
    assert {":Others/stream/" in each["Resource"][0] for each in consume[2:3]} == {True}


def test_a_reader_that_falls_behind_for_five_minutes_alerts_beside_errors_and_throttles(
    made: Any,
) -> None:
    alarms = {
        alarm["metricName"]: alarm
        for alarm in made.of("cloudwatch/metricAlarm:MetricAlarm")
        if alarm["namespace"] == "AWS/Lambda"
    }

    assert set(alarms) == {"Errors", "Throttles", "IteratorAge"}
    age = alarms["IteratorAge"]
    assert (age["threshold"], age["statistic"]) == (5 * 60 * 1000, "Maximum")
    assert age["comparisonOperator"] == "GreaterThanThreshold"
    assert age["dimensions"] == {"FunctionName": "f"}
    assert alarms["Errors"]["threshold"] == alarms["Throttles"]["threshold"] == 0


def test_a_function_that_reads_no_stream_has_no_age_to_alert_of(register: Any) -> None:
    def build() -> None:
        args: Any = {
            "handler": "handlers.f.handler",
            "code": pulumi.StringAsset("pass"),
            "environment": {},
            "allow": [],
            "alarms": topic(),
        }
        PythonFunction("f", args)

    alarms = register(build).of("cloudwatch/metricAlarm:MetricAlarm")
    assert {alarm["metricName"] for alarm in alarms} == {"Errors", "Throttles"}


@pytest.mark.parametrize(("reserved", "found"), [({}, None), ({"reserved": 7}, 7)])
def test_a_function_runs_so_often_at_once_as_is_reserved_for_it_and_else_as_often_as_may_be(
    register: Any, reserved: dict[str, int], found: int | None
) -> None:
    function = register(lambda: reader(**reserved)).named("lambda/function:Function", "f")

    assert function.get("reservedConcurrentExecutions") == found


def test_dead_letters_are_kept_for_two_weeks_encrypted_and_raise_an_alarm(made: Any) -> None:
    queue = made.named("sqs/queue:Queue", "lost")
    alarm = made.named("cloudwatch/metricAlarm:MetricAlarm", "lost-alarm")

    assert queue["messageRetentionSeconds"] == 14 * 24 * 3600
    assert queue["sqsManagedSseEnabled"] is True
    assert "redrivePolicy" not in queue
    assert alarm["dimensions"] == {"QueueName": "lost"}
    assert alarm["metricName"] == "ApproximateNumberOfMessagesVisible"
    assert alarm["threshold"] == 0
    assert alarm["alarmActions"][0].endswith(":alerts")


def test_dead_letters_take_messages_over_tls_and_only_from_their_rules(register: Any) -> None:
    made = register(lambda: DeadLetters("lost", {"alarms": topic(), "rules": ["arn:rule"]}))

    deny, allow = made.statements("sqs/queuePolicy:QueuePolicy", "lost")
    assert (deny["Effect"], deny["Action"]) == ("Deny", "sqs:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    assert allow["Condition"] == {"ArnEquals": {"aws:SourceArn": "arn:rule"}}
