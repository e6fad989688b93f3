"""The building blocks: what each asks AWS for."""

import json
from typing import Any

import pulumi
import pytest

from components.aws.event_bus import EventBus
from components.aws.event_rule import EventRule
from components.aws.function import PythonFunction
from components.aws.key import Key
from components.aws.queue import Queue
from components.aws.table import Table
from components.aws.topic import Topic


def test_a_table_is_recoverable_encrypted_and_protected(register: Any) -> None:
    made = register(lambda: Table("things", {"attributes": {"Id": "S"}, "hash_key": "Id"}))

    table = made.named("dynamodb/table:Table", "things")
    assert table["pointInTimeRecovery"] == {"enabled": True}
    assert table["serverSideEncryption"] == {"enabled": True}
    assert table["deletionProtectionEnabled"] is True
    assert table["billingMode"] == "PAY_PER_REQUEST"


def test_an_index_holds_whole_items_by_its_keys(register: Any) -> None:
    def build() -> None:
        Table(
            "things",
            {
                "attributes": {"Id": "S", "Owner": "S", "At": "N"},
                "hash_key": "Id",
                "indexes": {"ByOwner": {"hash_key": "Owner", "range_key": "At"}},
            },
        )

    (index,) = register(build).named("dynamodb/table:Table", "things")["globalSecondaryIndexes"]
    assert index["projectionType"] == "ALL"
    assert index["keySchemas"] == [
        {"attributeName": "Owner", "keyType": "HASH"},
        {"attributeName": "At", "keyType": "RANGE"},
    ]


def test_a_queue_gives_up_on_a_message_only_to_its_dead_letter_queue(register: Any) -> None:
    made = register(lambda: Queue("work", {"visibility_timeout": 120}))

    queue = made.named("sqs/queue:Queue", "work")
    dead = made.named("sqs/queue:Queue", "work-dead-letters")
    redrive = json.loads(queue["redrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(":work-dead-letters")
    assert redrive["maxReceiveCount"] == 5
    assert queue["visibilityTimeoutSeconds"] == 120
    assert dead["messageRetentionSeconds"] > queue["messageRetentionSeconds"]
    assert queue["sqsManagedSseEnabled"] is dead["sqsManagedSseEnabled"] is True


def test_a_queue_takes_messages_over_tls_and_only_from_its_rules(register: Any) -> None:
    made = register(lambda: Queue("work", {"rules": ["arn:rule"]}))

    for name in ("work", "work-dead-letters"):
        deny, allow = made.statements("sqs/queuePolicy:QueuePolicy", name)
        assert deny["Effect"] == "Deny"
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert allow["Action"] == "sqs:SendMessage"
        assert allow["Principal"] == {"Service": "events.amazonaws.com"}
        assert allow["Condition"] == {"ArnEquals": {"aws:SourceArn": "arn:rule"}}


def test_a_dead_letter_raises_an_alarm(register: Any) -> None:
    def build() -> None:
        Queue("work", {"alarms": Topic("alerts", {"key": "arn:key", "alarms": True})})

    alarm = register(build).named("cloudwatch/metricAlarm:MetricAlarm", "work-dead-letters-alarm")
    assert alarm["dimensions"] == {"QueueName": "work-dead-letters"}
    assert alarm["metricName"] == "ApproximateNumberOfMessagesVisible"
    assert alarm["threshold"] == 0
    assert alarm["alarmActions"][0].endswith(":alerts")


def test_a_topic_is_encrypted_and_reached_by_named_services_only(register: Any) -> None:
    made = register(lambda: Topic("news", {"key": "arn:key", "events": True, "alarms": True}))

    assert made.named("sns/topic:Topic", "news")["kmsMasterKeyId"] == "arn:key"
    deny, events, alarms = made.statements("sns/topicPolicy:TopicPolicy", "news")
    assert deny["Effect"] == "Deny"
    assert events["Principal"] == {"Service": "events.amazonaws.com"}
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert events["Action"] == alarms["Action"] == "sns:Publish"
    assert "Condition" not in events
    assert alarms["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def test_a_topic_that_names_no_service_is_reached_by_none(register: Any) -> None:
    made = register(lambda: Topic("news", {"key": "arn:key"}))

    (deny,) = made.statements("sns/topicPolicy:TopicPolicy", "news")
    assert deny["Effect"] == "Deny"


@pytest.mark.parametrize(("email", "count"), [("", 0), ("support@example.com", 1)])
def test_a_topic_mails_only_an_address_that_is_given(register: Any, email: str, count: int) -> None:
    made = register(lambda: Topic("news", {"key": "arn:key", "email": email}))

    assert len(made.of("sns/topicSubscription:TopicSubscription")) == count


def test_a_key_is_usable_by_named_services_for_this_account_only(register: Any) -> None:
    services = ["events.amazonaws.com", "cloudwatch.amazonaws.com"]
    made = register(lambda: Key("topics", {"description": "d", "services": services}))

    assert made.named("kms/key:Key", "topics")["enableKeyRotation"] is True
    _, *uses = made.statements("kms/key:Key", "topics")
    topics = "arn:aws:sns:eu-west-1:111122223333:*"
    assert [use["Principal"]["Service"] for use in uses] == services
    assert [use["Condition"] for use in uses] == [
        {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": topics}},
        {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    ]
    assert all(use["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"] for use in uses)


def function(**more: Any) -> None:
    args: Any = {
        "handler": "handlers.f.handler",
        "code": pulumi.StringAsset("pass"),
        "environment": {"A": "b"},
        "allow": [],
        **more,
    }
    PythonFunction("f", args)


def test_a_function_may_write_its_own_log_and_trace_and_nothing_else(register: Any) -> None:
    made = register(function)

    logs, traces = made.statements("iam/rolePolicy:RolePolicy", "f-policy")
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert logs["Resource"] == [
        made.named("cloudwatch/logGroup:LogGroup", "f-logs")["name"].replace(
            "/aws/lambda/orders-test/f", "arn:aws:cloudwatch:eu-west-1:111122223333:f-logs:*"
        )
    ]
    assert traces["Action"] == ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    assert traces["Resource"] == ["*"]


def test_a_functions_log_is_kept_for_the_days_given(register: Any) -> None:
    made = register(lambda: function(log_retention_days=7))

    assert made.named("cloudwatch/logGroup:LogGroup", "f-logs")["retentionInDays"] == 7


def test_a_function_is_traced_limited_and_logs_to_its_own_group(register: Any) -> None:
    made = register(function).named("lambda/function:Function", "f")

    assert made["tracingConfig"] == {"mode": "Active"}
    assert made["loggingConfig"] == {"logFormat": "JSON", "logGroup": "/aws/lambda/orders-test/f"}
    assert (made["timeout"], made["memorySize"]) == (20, 256)
    assert made["environment"] == {"variables": {"A": "b"}}


def test_only_lambda_may_assume_a_functions_role(register: Any) -> None:
    role = register(function).named("iam/role:Role", "f-role")

    assert json.loads(role["assumeRolePolicy"])["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]


def test_a_consumer_reports_each_failed_message_and_may_receive_from_its_queue(
    register: Any,
) -> None:
    made = register(lambda: function(queue=Queue("work", {})))

    mapping = made.named("lambda/eventSourceMapping:EventSourceMapping", "f-source")
    assert mapping["functionResponseTypes"] == ["ReportBatchItemFailures"]
    consume = made.statements("iam/rolePolicy:RolePolicy", "f-policy")[-1]
    assert consume["Action"] == [
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
    ]
    assert consume["Resource"][0].endswith(":work")


def test_a_function_that_nobody_watches_alerts_of_errors_and_throttles(register: Any) -> None:
    made = register(lambda: function(alarms=Topic("alerts", {"key": "arn:key", "alarms": True})))

    for metric in ("Errors", "Throttles"):
        alarm = made.named("cloudwatch/metricAlarm:MetricAlarm", f"f-{metric}-alarm")
        assert (alarm["namespace"], alarm["metricName"]) == ("AWS/Lambda", metric)
        assert alarm["dimensions"] == {"FunctionName": "f"}
        assert (alarm["comparisonOperator"], alarm["threshold"]) == ("GreaterThanThreshold", 0)
        assert alarm["treatMissingData"] == "notBreaching"
        assert alarm["alarmActions"][0].endswith(":alerts")


def test_a_function_that_is_watched_by_its_caller_has_no_alarm(register: Any) -> None:
    assert register(function).of("cloudwatch/metricAlarm:MetricAlarm") == []


def test_a_consumer_takes_as_many_batches_at_once_as_it_may(register: Any) -> None:
    def source(**more: Any) -> dict[str, Any]:
        made: Any = register(lambda: function(queue=Queue("work", {}), **more))
        return dict(made.named("lambda/eventSourceMapping:EventSourceMapping", "f-source"))

    assert source(concurrency=7)["scalingConfig"] == {"maximumConcurrency": 7}
    assert "scalingConfig" not in source()
    assert source()["batchSize"] == 10
    assert source(batch_size=1)["batchSize"] == 1


def test_a_rule_retries_for_a_day_and_keeps_what_it_cannot_deliver(register: Any) -> None:
    def build() -> None:
        bus = EventBus("orders")
        rule = EventRule("outcomes", {"bus": bus.name, "pattern": {"source": ["orders"]}})
        rule.deliver("queue", "arn:queue", "arn:dead")

    made = register(build)
    rule = made.named("cloudwatch/eventRule:EventRule", "outcomes")
    target = made.named("cloudwatch/eventTarget:EventTarget", "outcomes-queue")
    assert json.loads(rule["eventPattern"]) == {"source": ["orders"]}
    assert target["arn"] == "arn:queue"
    assert target["deadLetterConfig"] == {"arn": "arn:dead"}
    assert target["retryPolicy"]["maximumEventAgeInSeconds"] == 24 * 3600
