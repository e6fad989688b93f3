"""What scanners of infrastructure look for, asserted of the whole stack."""

import json

import pytest

from tests.components.conftest import Registered


@pytest.mark.parametrize(
    ("kind", "policy", "names"),
    [
        ("sqs/queue:Queue", "sqs/queuePolicy:QueuePolicy", "queueUrl"),
        ("sns/topic:Topic", "sns/topicPolicy:TopicPolicy", "arn"),
        ("s3/bucket:Bucket", "s3/bucketPolicy:BucketPolicy", "bucket"),
    ],
)
def test_whatever_takes_messages_or_objects_refuses_them_without_tls(
    stack: Registered, kind: str, policy: str, names: str
) -> None:
    refusing = [
        made[names]
        for made in stack.of(policy)
        for statement in json.loads(made["policy"])["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    ]
    assert len(refusing) == len(set(refusing)) == len(stack.of(kind)) > 0


def test_whatever_stores_is_encrypted(stack: Registered) -> None:
    assert all(made["sqsManagedSseEnabled"] for made in stack.of("sqs/queue:Queue"))
    assert all(made["kmsMasterKeyId"] for made in stack.of("sns/topic:Topic"))
    assert all(made["enableKeyRotation"] for made in stack.of("kms/key:Key"))
    assert all(made["serverSideEncryption"]["enabled"] for made in stack.of("dynamodb/table:Table"))
    encryption = "BucketServerSideEncryptionConfiguration"
    assert len(stack.of(f"s3/b{encryption[1:]}:{encryption}")) == len(stack.of("s3/bucket:Bucket"))


def test_every_bucket_is_closed_to_the_public_and_keeps_what_was_replaced(
    stack: Registered,
) -> None:
    buckets = len(stack.of("s3/bucket:Bucket"))
    closed = stack.of("s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    versioned = stack.of("s3/bucketVersioning:BucketVersioning")
    limited = stack.of("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")

    assert len(closed) == len(versioned) == len(limited) == buckets > 0
    assert all(sum(value is True for value in made.values()) == 4 for made in closed)
    assert all(made["versioningConfiguration"] == {"status": "Enabled"} for made in versioned)
    assert all(made["rules"][0]["noncurrentVersionExpiration"] for made in limited)


def test_whatever_feeds_a_function_keeps_what_it_cannot_handle(stack: Registered) -> None:
    sources = stack.of("lambda/eventSourceMapping:EventSourceMapping")

    for made in sources:
        assert made["functionResponseTypes"] == ["ReportBatchItemFailures"]
        if "/stream/" in made["eventSourceArn"]:
            kept = made["destinationConfig"]["onFailure"]["destinationArn"]
        else:
            queue = stack.named("sqs/queue:Queue", made["eventSourceArn"].rpartition(":")[2])
            kept = json.loads(queue["redrivePolicy"])["deadLetterTargetArn"]
        dead = stack.named("sqs/queue:Queue", kept.rpartition(":")[2])
        assert dead["messageRetentionSeconds"] == 14 * 24 * 3600
    assert len(sources) == 6


def test_no_function_that_is_fed_is_left_out_of_the_alarms(stack: Registered) -> None:
    alarmed = {
        alarm["dimensions"]["FunctionName"]
        for alarm in stack.of("cloudwatch/metricAlarm:MetricAlarm")
        if alarm["metricName"] == "Errors"
    }
    fed = {
        made["functionName"].rpartition(":")[2]
        for made in stack.of("lambda/eventSourceMapping:EventSourceMapping")
    }
    scheduled = {
        made["target"]["arn"].rpartition(":")[2] for made in stack.of("scheduler/schedule:Schedule")
    }

    assert fed | scheduled <= alarmed
