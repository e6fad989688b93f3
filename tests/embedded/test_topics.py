"""An outcome and a review reach their topics under the stack's own policies, and no wider ones."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from local.emulator.settings import ACCOUNT
from local.runner import Runner
from local.scenario import Fault
from local.stack import Stack
from tests.embedded.conftest import Orders
from tests.emulator.bench import Bench, policy

_RULES = {"ArnLike": {"aws:SourceArn": f"arn:aws:events:*:{ACCOUNT}:rule/*"}}
_ACCOUNT = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def _conditioned(text: str, condition: Any) -> str:
    """A policy whose statement for EventBridge has this condition in place of its own."""
    policy = json.loads(text)
    for statement in policy["Statement"]:
        if statement["Principal"] == {"Service": "events.amazonaws.com"}:
            statement["Condition"] = condition
    assert policy != json.loads(text)
    return json.dumps(policy)


@contextmanager
def _key_asks(stack: Stack, condition: Any) -> Iterator[None]:
    """Have the topics' key admit EventBridge on another condition for a while."""
    kms, topic = stack.cloud.client("kms"), stack.outputs["topics"]["OrderNotifications"]
    read = stack.cloud.client("sns").get_topic_attributes(TopicArn=topic)
    key = {"KeyId": read["Attributes"]["KmsMasterKeyId"], "PolicyName": "default"}
    before = kms.get_key_policy(**key)["Policy"]
    kms.put_key_policy(**key, Policy=_conditioned(before, condition))
    try:
        yield
    finally:
        kms.put_key_policy(**key, Policy=before)


@contextmanager
def _topic_asks(stack: Stack, condition: Any) -> Iterator[None]:
    """Have the topic of outcomes admit EventBridge on a condition for a while."""
    sns, topic = stack.cloud.client("sns"), stack.outputs["topics"]["OrderNotifications"]
    policy = {"TopicArn": topic, "AttributeName": "Policy"}
    before = sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]
    sns.set_topic_attributes(**policy, AttributeValue=_conditioned(before, condition))
    try:
        yield
    finally:
        sns.set_topic_attributes(**policy, AttributeValue=before)


@pytest.mark.parametrize(
    ("asks", "condition"),
    [(_key_asks, _ACCOUNT), (_key_asks, _RULES), (_topic_asks, _ACCOUNT), (_topic_asks, _RULES)],
)
def test_a_policy_that_asks_eventbridge_for_its_source_loses_the_outcome(
    stack: Stack, runner: Runner, orders: Orders, asks: Callable[..., Any], condition: Any
) -> None:
    with asks(stack, condition):
        lost = runner.run(orders.scenario())

    assert [event["detail-type"] for event in lost.events] == ["OrderProcessed"]
    assert lost.topics == []
    assert lost.order
    (kept,) = lost.deadLetters["undelivered-events"]
    assert kept["detail"]["orderId"] == lost.order["OrderId"]


def test_an_outcome_and_a_review_reach_their_topics(runner: Runner, orders: Orders) -> None:
    told = runner.run(orders.scenario(Fault("CapturePayment", "Some.Error")))

    assert [each["topic"] for each in told.topics] == ["OrderNotifications", "SupportAlerts"]
    assert told.deadLetters["undelivered-events"] == []


def test_an_alarm_of_the_stack_reaches_support(stack: Stack) -> None:
    sns, (url, queue) = stack.cloud.client("sns"), Bench(stack.cloud).queue()
    support = stack.outputs["topics"]["SupportAlerts"]
    admits = policy(("sqs:SendMessage", queue), principal={"Service": "sns.amazonaws.com"})
    stack.cloud.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": admits})
    heard = sns.subscribe(TopicArn=support, Protocol="sqs", Endpoint=queue)["SubscriptionArn"]
    cloudwatch = stack.cloud.client("cloudwatch")
    name = cloudwatch.describe_alarms()["MetricAlarms"][0]["AlarmName"]
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")
    try:
        (body,) = Bench(stack.cloud).received(url)
    finally:
        sns.unsubscribe(SubscriptionArn=heard)
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="a test")
    assert json.loads(json.loads(body)["Message"])["AlarmName"] == name
