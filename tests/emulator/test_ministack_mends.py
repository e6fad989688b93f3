"""The services behave as AWS's; each test marked so is the contract of one mend."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.bench import Bench, jsonata, policy, trust, until
from tests.emulator.contracts import contract

_ECHO = "def handler(event, context): return event\n"
_READS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


@contract("python_runtime")
def test_an_exception_is_answered_by_its_class_name(bench: Bench) -> None:
    function = bench.function(
        """
        class Declined(Exception): pass
        def handler(event, context): raise Declined("card_declined")
        """
    )
    answer = bench.invoke(function)
    assert (answer["errorType"], answer["errorMessage"]) == ("Declined", "card_declined")
    assert set(answer) == {"errorType", "errorMessage", "requestId", "stackTrace"}
    assert "in handler" in answer["stackTrace"][-1]


@contract("function_roles")
def test_a_function_needs_a_role_that_lambda_can_assume(bench: Bench) -> None:
    role = bench.role(services=["states.amazonaws.com"])
    with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
        bench.function(_ECHO, Role=role)


def _mapping(bench: Bench, function: str, queue_arn: str, **fields: Any) -> None:
    bench.cloud.client("lambda").create_event_source_mapping(
        EventSourceArn=queue_arn, FunctionName=function, **fields
    )


@contract("event_source_mappings")
def test_a_function_may_read_a_queue_only_with_every_grant(bench: Bench) -> None:
    _, arn = bench.queue()
    for missing in _READS:
        function = bench.function(_ECHO, *[(read, arn) for read in _READS if read != missing])
        with pytest.raises(ClientError, match=missing.removeprefix("sqs:")):
            _mapping(bench, function, arn)


@contract("event_source_mappings")
def test_a_queue_hides_messages_for_as_long_as_its_function_may_run(bench: Bench) -> None:
    _, arn = bench.queue(VisibilityTimeout="9")
    function = bench.function(_ECHO, *[(read, arn) for read in _READS])
    with pytest.raises(ClientError, match="9 seconds is less than Function timeout: 10"):
        _mapping(bench, function, arn)


def _consumer(bench: Bench, answer: str, **attributes: str) -> str:
    """The URL of a queue whose batches a function answers so."""
    url, arn = bench.queue(VisibilityTimeout="1", **attributes)
    grants = [(read, arn) for read in _READS]
    function = bench.function(f"def handler(event, context): return {answer}\n", *grants, Timeout=1)
    _mapping(bench, function, arn, FunctionResponseTypes=["ReportBatchItemFailures"])
    return url


_REDRIVE = '{{"deadLetterTargetArn": "{}", "maxReceiveCount": "1"}}'


@contract("batch_answers")
def test_an_answer_that_names_no_message_fails_the_batch(bench: Bench) -> None:
    dead_url, dead_arn = bench.queue()
    answer = "{'batchItemFailures': [{'itemIdentifier': 'no-such-message'}]}"
    url = _consumer(bench, answer, RedrivePolicy=_REDRIVE.format(dead_arn))
    bench.cloud.client("sqs").send_message(QueueUrl=url, MessageBody="kept")
    assert bench.received(dead_url, seconds=4) == ["kept"]


@contract("batch_answers")
def test_an_answer_with_no_list_is_success(bench: Bench) -> None:
    url = _consumer(bench, "{'batchItemFailures': None}")
    sqs = bench.cloud.client("sqs")
    sqs.send_message(QueueUrl=url, MessageBody="done")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def is_empty() -> bool:
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return set(found.values()) == {"0"}

    until(is_empty, seconds=1.5)


def _rule(bench: Bench, target: dict[str, Any], source: str) -> str:
    """The ARN of a rule on the default bus that sends the source's events to the target."""
    events, name = bench.cloud.client("events"), bench.name("rule")
    rule = events.put_rule(Name=name, EventPattern=json.dumps({"source": [source]}))
    events.put_targets(Rule=name, Targets=[{"Id": "it", **target}])
    return str(rule["RuleArn"])


def _put(bench: Bench, source: str) -> None:
    entry = {"Source": source, "DetailType": "Told", "Detail": "{}"}
    bench.cloud.client("events").put_events(Entries=[entry])


def _let_in(bench: Bench, url: str, arn: str) -> None:
    document = policy(("sqs:SendMessage", arn), principal={"Service": "events.amazonaws.com"})
    bench.cloud.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})


@contract("event_target_policies")
def test_a_rule_reaches_a_queue_only_if_its_policy_allows_it(bench: Bench) -> None:
    source, (url, arn) = bench.name("source"), bench.queue()
    _rule(bench, {"Arn": arn}, source)
    _put(bench, source)
    assert bench.received(url, seconds=0.3) == []
    _let_in(bench, url, arn)
    _put(bench, source)
    assert len(bench.received(url)) == 1


@contract("event_target_policies")
def test_an_event_that_a_topic_keeps_out_goes_to_the_dead_letter_queue(bench: Bench) -> None:
    source, (url, arn) = bench.name("source"), bench.queue()
    _let_in(bench, url, arn)
    topic = bench.cloud.client("sns").create_topic(Name=bench.name("topic"))["TopicArn"]
    bench.cloud.client("sns").set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=policy()
    )
    _rule(bench, {"Arn": topic, "DeadLetterConfig": {"Arn": arn}}, source)
    _put(bench, source)
    (body,) = bench.received(url)
    assert json.loads(body)["source"] == source


@contract("event_target_policies")
def test_a_rule_reaches_a_function_only_with_a_permission(bench: Bench) -> None:
    source, (url, arn) = bench.name("source"), bench.queue()
    tells = f"""
        import boto3
        def handler(event, context):
            boto3.client("sqs").send_message(QueueUrl="{url}", MessageBody=event["source"])
        """
    function = bench.function(tells, ("sqs:SendMessage", arn))
    bench.invoke(function, {"source": "warm"})
    assert bench.received(url) == ["warm"]
    rule = _rule(bench, {"Arn": function}, source)
    _put(bench, source)
    assert bench.received(url, seconds=0.5) == []
    bench.cloud.client("lambda").add_permission(
        FunctionName=function,
        StatementId="rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule,
    )
    _put(bench, source)
    assert bench.received(url) == [source]


@contract("unknown_rules")
def test_only_a_rule_that_exists_can_be_switched(bench: Bench) -> None:
    events = bench.cloud.client("events")
    for switch in (events.disable_rule, events.enable_rule):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            switch(Name="no-such-rule")


def test_a_disabled_rule_tells_nothing_until_it_is_enabled(bench: Bench) -> None:
    source, (url, arn) = bench.name("source"), bench.queue()
    _let_in(bench, url, arn)
    events, rule = bench.cloud.client("events"), _rule(bench, {"Arn": arn}, source)
    name = rule.rpartition("/")[2]
    events.disable_rule(Name=name)
    _put(bench, source)
    assert bench.received(url, seconds=0.3) == []
    assert events.describe_rule(Name=name)["State"] == "DISABLED"
    assert len(events.list_targets_by_rule(Rule=name)["Targets"]) == 1
    events.enable_rule(Name=name)
    _put(bench, source)
    assert len(bench.received(url)) == 1


@contract("loopback_is_secure")
def test_a_queue_may_insist_on_tls(bench: Bench) -> None:
    url, arn = bench.queue()
    insist = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [insist]})
    sqs = bench.cloud.client("sqs")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {"QueueUrl": url, "MessageBody": "hello"},
        "End": True,
    }
    sent = bench.run(jsonata({"Send": send}), grants=[("sqs:SendMessage", arn)])
    assert sent["status"] == "SUCCEEDED", sent


@contract("task_token_machines")
def test_a_callback_needs_a_grant_on_its_machine_only(bench: Bench) -> None:
    url, arn = bench.queue()
    wait = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": {"QueueUrl": url, "MessageBody": "{% $states.context.Task.Token %}"},
        "End": True,
    }
    machine = bench.machine(jsonata({"Wait": wait}), ("sqs:SendMessage", arn))
    answers = """
        import boto3
        def handler(event, context):
            states = boto3.client("stepfunctions")
            states.send_task_success(taskToken=event["token"], output='"answered"')
        """
    execution = bench.start(machine)
    (token,) = bench.received(url)
    other = machine.replace("machine-", "another-")
    stranger = bench.function(answers, ("states:SendTaskSuccess", other))
    assert bench.invoke(stranger, {"token": token})["errorType"] == "ClientError"
    callback = bench.function(answers, ("states:SendTaskSuccess", machine))
    assert bench.invoke(callback, {"token": token}) is None
    assert bench.ended(execution)["output"] == "answered"


@contract("message_move_tasks")
def test_dead_letters_are_moved_back_to_their_queue(bench: Bench) -> None:
    sqs = bench.cloud.client("sqs")
    _, dead_arn = bench.queue()
    url, _ = bench.queue(VisibilityTimeout="0", RedrivePolicy=_REDRIVE.format(dead_arn))
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    until(lambda: bench.received(url, seconds=0.1))
    until(lambda: not bench.received(url, seconds=0.05))
    sqs.start_message_move_task(SourceArn=dead_arn)
    assert bench.received(url) == ["poison"]
    (task,) = sqs.list_message_move_tasks(SourceArn=dead_arn)["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 1)


def test_a_function_may_do_what_its_role_may(bench: Bench) -> None:
    url, arn = bench.queue()
    sends = f"""
        import boto3
        def handler(event, context):
            boto3.client("sqs").send_message(QueueUrl="{url}", MessageBody="sent")
        """
    assert bench.invoke(bench.function(sends))["errorType"] == "ClientError"
    assert bench.invoke(bench.function(sends, ("sqs:SendMessage", arn))) is None


def test_a_trust_that_denies_is_no_trust(bench: Bench) -> None:
    iam, name = bench.cloud.client("iam"), bench.name("role")
    document = json.loads(trust("lambda.amazonaws.com"))
    document["Statement"][0]["Effect"] = "Deny"
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))
    with pytest.raises(ClientError, match="cannot be assumed"):
        bench.function(_ECHO, Role=role["Role"]["Arn"])
