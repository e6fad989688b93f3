"""Services reach what policies and keys admit, with exactly the condition keys that they send."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator.settings import ACCOUNT, REGION
from tests.emulator.bench import Bench, jsonata
from tests.emulator.contracts import contract

_USE = ["kms:Decrypt", "kms:GenerateDataKey"]
_OURS = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
_ENCRYPTED = {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": f"arn:aws:sns:*:{ACCOUNT}:*"}}
_LOST_SECONDS = 0.3


def _admits(service: str, actions: Any, condition: Any = None, resource: str = "*") -> str:
    """A policy that lets a service act, on a condition or on none."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": actions,
        "Resource": resource,
    }
    conditions = {"Condition": condition} if condition else {}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **conditions}]})


def _key(bench: Bench, policy: str) -> str:
    created = bench.cloud.client("kms").create_key(Policy=policy)
    return str(created["KeyMetadata"]["Arn"])


def _change(bench: Bench, key: str, policy: str) -> None:
    bench.cloud.client("kms").put_key_policy(KeyId=key, PolicyName="default", Policy=policy)


def _queue(bench: Bench, *senders: str, **attributes: str) -> tuple[str, str]:
    """The URL and ARN of a queue that admits these services."""
    url, arn = bench.queue(**attributes)
    policies = [json.loads(_admits(each, "sqs:SendMessage", resource=arn)) for each in senders]
    statements = [policy["Statement"][0] for policy in policies]
    _set_policy(bench, url, json.dumps({"Version": "2012-10-17", "Statement": statements}))
    return url, arn


def _set_policy(bench: Bench, url: str, policy: str) -> None:
    bench.cloud.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def _topic(bench: Bench, publisher: str, key: str = "", condition: Any = None) -> tuple[str, str]:
    """The ARN of a topic with one publisher, and the URL of a queue that hears what is on it."""
    sns, (url, queue) = bench.cloud.client("sns"), _queue(bench, "sns")
    attributes = {"Policy": _admits(publisher, "sns:Publish", condition)}
    if key:
        attributes["KmsMasterKeyId"] = key
    topic = sns.create_topic(Name=bench.name("topic"), Attributes=attributes)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    return topic, url


class _Rule:
    """A rule with one target and a dead-letter queue."""

    def __init__(self, bench: Bench, target: str) -> None:
        self._bench, self._source = bench, bench.name("source")
        self._dead, dead = _queue(bench, "events")
        self._events, name = bench.cloud.client("events"), bench.name("rule")
        pattern = json.dumps({"source": [self._source]})
        self.arn = self._events.put_rule(Name=name, EventPattern=pattern)["RuleArn"]
        to = {"Id": "it", "Arn": target, "DeadLetterConfig": {"Arn": dead}}
        self._events.put_targets(Rule=name, Targets=[to])

    def put(self) -> None:
        entry = {"Source": self._source, "DetailType": "Happened", "Detail": "{}"}
        self._events.put_events(Entries=[entry])

    def kept(self) -> str:
        """Why the one event in the dead-letter queue could not be delivered."""
        return _why_kept(self._bench, self._dead)


def _why_kept(bench: Bench, url: str) -> str:
    found = bench.cloud.client("sqs").receive_message(
        QueueUrl=url, MessageAttributeNames=["All"], WaitTimeSeconds=int(bench.patience_seconds)
    )
    (message,) = found.get("Messages", [])
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"
    return str(message["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"])


@contract("event_target_policies")
def test_eventbridge_sends_no_account_to_a_topics_key(bench: Bench) -> None:
    key = _key(bench, _admits("events", _USE, _OURS))
    topic, url = _topic(bench, "events", key)
    rule = _Rule(bench, topic)
    rule.put()
    assert f"the policy of {key} does not admit events.amazonaws.com" in (why := rule.kept())
    assert "it asks for aws:SourceAccount, not sent to a key of a topic (https://docs" in why
    assert bench.received(url, seconds=_LOST_SECONDS) == []
    _change(bench, key, _admits("events", _USE, _ENCRYPTED))
    rule.put()
    assert len(bench.received(url)) == 1


@contract("event_target_policies")
def test_eventbridge_sends_no_rule_to_a_topic(bench: Bench) -> None:
    topic, url = _topic(bench, "events", condition={"ArnLike": {"aws:SourceArn": "*"}})
    rule = _Rule(bench, topic)
    rule.put()
    assert "it asks for aws:SourceArn, not sent to a topic" in rule.kept()
    assert bench.received(url, seconds=_LOST_SECONDS) == []


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": "arn:aws:sns:*:111122223333:*"}},
        {"StringEquals": {"kms:ViaService": f"sns.{REGION}.amazonaws.com"}},
        {"StringEquals": {"kms:CallerAccount": ACCOUNT}},
    ],
)
def test_a_condition_on_a_topics_key_that_does_not_hold_keeps_events_out(
    bench: Bench, condition: Any
) -> None:
    topic, _ = _topic(bench, "events", _key(bench, _admits("events", _USE, condition)))
    rule = _Rule(bench, topic)
    rule.put()
    assert "does not admit events.amazonaws.com" in rule.kept()


@pytest.mark.parametrize("missing", _USE)
def test_a_service_needs_both_uses_of_a_topics_key(bench: Bench, missing: str) -> None:
    allowed = [use for use in _USE if use != missing]
    topic, _ = _topic(bench, "events", _key(bench, _admits("events", allowed)))
    rule = _Rule(bench, topic)
    rule.put()
    assert "does not admit events.amazonaws.com" in rule.kept()


def test_no_service_reaches_a_topic_under_a_key_of_aws(bench: Bench) -> None:
    topic, _ = _topic(bench, "events", "alias/aws/sns")
    rule = _Rule(bench, topic)
    rule.put()
    assert "alias/aws/sns, which encrypts" in rule.kept()


def test_eventbridge_reaches_an_encrypted_queue_with_its_rule(bench: Bench) -> None:
    key = _key(bench, _admits("events", _USE, {"ArnLike": {"aws:SourceArn": "arn:aws:none"}}))
    url, arn = _queue(bench, "events", KmsMasterKeyId=key)
    rule = _Rule(bench, arn)
    rule.put()
    assert f"the policy of {key} does not admit" in rule.kept()
    of_rule = {"ArnEquals": {"aws:SourceArn": rule.arn}}
    _change(bench, key, _admits("events", _USE, of_rule))
    _set_policy(bench, url, _admits("events", "sqs:SendMessage", of_rule))
    rule.put()
    assert len(bench.received(url)) == 1


@contract("alarm_policies")
def test_an_alarm_reaches_a_topic_by_its_policy_and_its_keys(bench: Bench) -> None:
    key = _key(bench, _admits("events", _USE))
    topic, url = _topic(bench, "cloudwatch", key, _OURS)
    _ring(bench, topic)
    assert bench.received(url, seconds=_LOST_SECONDS) == []
    _change(bench, key, _admits("cloudwatch", _USE, _OURS))
    _ring(bench, topic)
    assert len(bench.received(url)) == 1


def test_an_alarm_does_not_reach_a_topic_that_admits_another_service(bench: Bench) -> None:
    topic, url = _topic(bench, "events")
    _ring(bench, topic)
    assert bench.received(url, seconds=_LOST_SECONDS) == []


def _ring(bench: Bench, topic: str) -> None:
    cloudwatch, name = bench.cloud.client("cloudwatch"), bench.name("alarm")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="Tests",
        MetricName=name,
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[topic],
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")


@contract("delivery_policies")
def test_a_topic_reaches_a_queue_by_its_policy_and_its_keys(bench: Bench) -> None:
    key = _key(bench, _admits("events", _USE))
    url, queue = bench.queue(KmsMasterKeyId=key)
    sns = bench.cloud.client("sns")
    topic = sns.create_topic(Name=bench.name("topic"))["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    of_topic = {"ArnEquals": {"aws:SourceArn": topic}}
    _set_policy(bench, url, _admits("sns", "sqs:SendMessage", of_topic))
    sns.publish(TopicArn=topic, Message="lost: the key")
    _change(bench, key, _admits("sns", _USE, of_topic))
    sns.publish(TopicArn=topic, Message="heard")
    _set_policy(bench, url, _admits("sns", "sqs:SendMessage", _OURS))
    sns.publish(TopicArn=topic, Message="lost: SNS sends no account to a queue")
    assert [json.loads(body)["Message"] for body in bench.received(url)] == ["heard"]


def test_a_topic_reaches_a_function_only_with_a_permission(bench: Bench) -> None:
    url, arn = bench.queue()
    says = f"""
        import boto3
        def handler(event, context):
            text = event["Records"][0]["Sns"]["Message"]
            boto3.client("sqs").send_message(QueueUrl="{url}", MessageBody=text)
        """
    function = bench.function(says, ("sqs:SendMessage", arn))
    sns = bench.cloud.client("sns")
    topic = sns.create_topic(Name=bench.name("topic"))["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
    sns.publish(TopicArn=topic, Message="lost")
    bench.cloud.client("lambda").add_permission(
        FunctionName=function,
        StatementId="topic",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=topic,
    )
    sns.publish(TopicArn=topic, Message="heard")
    assert bench.received(url) == ["heard"]


def _schedule(bench: Bench, target: str, role: str, dead: str) -> None:
    bench.cloud.client("scheduler").create_schedule(
        Name=bench.name("schedule"),
        ScheduleExpression="at(2026-01-01T00:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": target, "RoleArn": role, "DeadLetterConfig": {"Arn": dead}},
    )


@contract("schedule_roles")
def test_a_schedule_reaches_only_what_its_role_allows(bench: Bench) -> None:
    (url, queue), (dead_url, dead) = bench.queue(), bench.queue()
    only_dead = [("sqs:SendMessage", dead)]
    services = ["scheduler.amazonaws.com"]
    _schedule(bench, queue, bench.role(*only_dead, services=services), dead)
    assert f"does not allow sqs:SendMessage on {queue}" in _why_kept(bench, dead_url)
    both = [*only_dead, ("sqs:SendMessage", queue)]
    _schedule(bench, queue, bench.role(*both, services=services), dead)
    (body,) = bench.received(url)
    assert json.loads(body)["source"] == "aws.scheduler"


def test_a_schedules_role_needs_the_key_of_an_encrypted_queue(bench: Bench) -> None:
    key = _key(bench, _admits("events", _USE))
    (_, queue), (dead_url, dead) = bench.queue(KmsMasterKeyId=key), bench.queue()
    grants = [("sqs:SendMessage", queue), ("sqs:SendMessage", dead), ("kms:Decrypt", key)]
    _schedule(bench, queue, bench.role(*grants, services=["scheduler.amazonaws.com"]), dead)
    assert f"does not allow kms:GenerateDataKey on {key}" in _why_kept(bench, dead_url)


def test_a_policy_of_one_statement_is_read_as_a_list_of_one(bench: Bench) -> None:
    url, queue = bench.queue()
    statements = json.loads(_admits("events", "sqs:SendMessage", _OURS))["Statement"]
    _set_policy(bench, url, json.dumps({"Version": "2012-10-17", "Statement": statements[0]}))
    rule = _Rule(bench, queue)
    rule.put()
    assert "it asks for aws:SourceAccount, not sent to a queue" in rule.kept()


def test_a_schedule_invokes_a_function_that_has_no_permission_for_eventbridge(
    bench: Bench,
) -> None:
    url, arn = bench.queue()
    says = f"""
        import boto3
        def handler(event, context):
            boto3.client("sqs").send_message(QueueUrl="{url}", MessageBody=event["source"])
        """
    function = bench.function(says, ("sqs:SendMessage", arn))
    grant = ("lambda:InvokeFunction", function)
    _schedule(bench, function, bench.role(grant, services=["scheduler.amazonaws.com"]), arn)
    assert bench.received(url) == ["aws.scheduler"]


def _trusting(bench: Bench, service: str, source: str) -> str:
    """The ARN of a role that a service may assume for one source."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"ArnLike": {"aws:SourceArn": source}, **_OURS},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = bench.cloud.client("iam").create_role(
        RoleName=bench.name("role"), AssumeRolePolicyDocument=document
    )
    return str(role["Role"]["Arn"])


def test_a_role_may_be_for_the_machines_of_one_name_only(bench: Bench) -> None:
    done = jsonata({"Done": {"Type": "Succeed"}})
    role = _trusting(bench, "states", f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:machine-*")
    assert bench.machine(done, roleArn=role)
    with pytest.raises(ClientError, match="to assume the provided role"):
        bench.machine(done, roleArn=role, name=bench.name("other"))


def test_a_role_for_a_schedule_names_the_schedules_group(bench: Bench) -> None:
    dead_url, dead = bench.queue()
    group = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/default"
    role = _trusting(bench, "scheduler", group)
    bench.cloud.client("iam").put_role_policy(
        RoleName=role.rpartition("/")[2],
        PolicyName="it",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": dead},
                ],
            }
        ),
    )
    _schedule(bench, dead, role, dead)
    assert len(bench.received(dead_url)) == 1
