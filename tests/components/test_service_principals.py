"""Each AWS service that a policy admits makes such a request, with the keys that are asked for."""

import json
from typing import Any

import pulumi_aws as aws
import pytest
import yaml

from local.emulator.service_request_table import REQUESTS
from tests.components.admissions import admissions
from tests.components.conftest import ROOT, Register, whole


def _settings(config: dict[str, str], stack: str) -> dict[str, str]:
    """The settings of a stack's file over those that have no default."""
    document = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]
    plain = {key: value for key, value in document.items() if "secure" not in str(value)}
    texts = {key: v if isinstance(v, str) else json.dumps(v) for key, v in plain.items()}
    return {**config, **texts}


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_condition_on_a_service_can_hold(
    register: Register, config: dict[str, str], stack: str
) -> None:
    found = admissions(whole(register, _settings(config, stack)))

    assert [problem for each in found for problem in each.problems()] == []
    assert {(each.service.split(".")[0], *sorted(each.targets)) for each in found} == {
        ("apigateway", "function"),
        ("cloudwatch", "key of a topic"),
        ("cloudwatch", "topic"),
        ("events", "key of a topic"),
        ("events", "queue"),
        ("events", "topic"),
        ("lambda", "role"),
        ("scheduler", "role"),
        ("states", "role"),
    }


def _policy(service: str, *actions: str, **conditions: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": list(actions),
        "Resource": "*",
        "Condition": conditions,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _problems(register: Register, build: Any) -> list[str]:
    return [problem for each in admissions(register(build)) for problem in each.problems()]


def test_a_topics_key_that_asks_eventbridge_for_its_account_is_found(register: Register) -> None:
    account = {"aws:SourceAccount": "111122223333"}
    actions = ("kms:Decrypt", "kms:GenerateDataKey*")

    def build() -> None:
        document = _policy("events.amazonaws.com", *actions, StringEquals=account)
        key = aws.kms.Key("secret", policy=document)
        aws.sns.Topic("news", kms_master_key_id=key.arn)

    assert _problems(register, build) == [
        "aws:kms/key:Key secret: events.amazonaws.com sends no aws:SourceAccount to a "
        "key of a topic"
    ]


def test_a_topic_that_asks_eventbridge_for_its_rule_is_found(register: Register) -> None:
    def build() -> None:
        rule = {"aws:SourceArn": "arn:rule"}
        document = _policy("events.amazonaws.com", "sns:Publish", ArnEquals=rule)
        aws.sns.TopicPolicy("news", arn="arn:topic", policy=document)

    assert _problems(register, build) == [
        "aws:sns/topicPolicy:TopicPolicy news: events.amazonaws.com sends no aws:SourceArn to a "
        "topic"
    ]


def test_a_key_without_an_action_that_is_needed_is_found(register: Register) -> None:
    def build() -> None:
        key = aws.kms.Key("secret", policy=_policy("events.amazonaws.com", "kms:Decrypt"))
        aws.sns.Topic("news", kms_master_key_id=key.arn)

    assert _problems(register, build) == [
        "aws:kms/key:Key secret: events.amazonaws.com also needs kms:GenerateDataKey"
    ]


def test_a_service_that_makes_no_such_request_is_found(register: Register) -> None:
    def build() -> None:
        document = _policy("scheduler.amazonaws.com", "sqs:SendMessage")
        aws.sqs.QueuePolicy("work", queue_url="https://queue", policy=document)
        aws.lambda_.Permission(
            "call", action="lambda:InvokeFunction", function="f", principal="states.amazonaws.com"
        )

    assert _problems(register, build) == [
        "aws:sqs/queuePolicy:QueuePolicy work: no known request of scheduler.amazonaws.com "
        "concerns a queue",
        "aws:lambda/permission:Permission call: no known request of states.amazonaws.com "
        "concerns a function",
    ]


def test_every_request_is_known_once_and_from_a_page_of_aws() -> None:
    pairs = [(row.service, row.target) for row in REQUESTS]
    assert len(pairs) == len(set(pairs))
    for row in REQUESTS:
        assert row.page.startswith("https://docs.aws.amazon.com/"), row
        assert row.actions, row
