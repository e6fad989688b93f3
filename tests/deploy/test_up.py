"""Creating resources, against a cloud that only remembers the calls."""

from datetime import UTC, datetime

import pytest

from local.deploy import DeployError, preview, up

from .conftest import Recorder, Write


def test_outputs_reach_what_depends_on_them(project: Write, recorder: Recorder) -> None:
    program = """
queue = aws.sqs.Queue("q", name="orders", delay_seconds=5)
aws.sqs.QueuePolicy("q", queue_url=queue.url, policy=queue.arn)
pulumi.export("url", queue.url)
"""
    deployment = up(project(program), "dev", recorder)
    assert recorder.calls == [
        ("sqs", "create_queue", {"QueueName": "orders", "Attributes": {"DelaySeconds": "5"}}),
        (
            "sqs",
            "set_queue_attributes",
            {
                "QueueUrl": "http://sqs/queue",
                "Attributes": {"Policy": "arn:aws:sqs:us-east-1:000000000000:orders"},
            },
        ),
    ]
    assert deployment.outputs == {"url": "http://sqs/queue"}


def test_a_queue_that_is_not_fifo_is_not_told_so(project: Write, recorder: Recorder) -> None:
    program = "aws.sqs.Queue('q', name='q', fifo_queue=False, content_based_deduplication=False)"
    up(project(program), "dev", recorder)
    assert recorder.params("create_queue") == [{"QueueName": "q"}]


def test_dependencies_are_created_first(project: Write, recorder: Recorder) -> None:
    program = """
last = aws.sqs.Queue("0", name="0")
for number in range(1, 8):
    options = pulumi.ResourceOptions(depends_on=[last])
    last = aws.sqs.Queue(f"{number}", name=f"{number}", opts=options)
"""
    up(project(program), "dev", recorder)
    assert [p["QueueName"] for p in recorder.params("create_queue")] == [*"01234567"]


def test_what_a_component_holds_is_created_before_what_depends_on_the_component(
    project: Write, recorder: Recorder
) -> None:
    program = """
box = pulumi.ComponentResource("shop:index:Box", "box")
aws.sqs.Queue("in", name="in", opts=pulumi.ResourceOptions(parent=box))
aws.sqs.Queue("after", name="after", opts=pulumi.ResourceOptions(depends_on=[box]))
"""
    up(project(program), "dev", recorder)
    assert [p["QueueName"] for p in recorder.params("create_queue")] == ["in", "after"]


def test_secrets_are_open_to_the_cloud_and_hidden_in_the_registration(
    project: Write, recorder: Recorder
) -> None:
    program = """
pin = pulumi.Output.secret("1234")
queue = aws.sqs.Queue("q", tags={"pin": pin})
pulumi.export("pin", queue.tags["pin"])
"""
    deployment = up(project(program), "dev", recorder)
    assert recorder.params("create_queue")[0]["tags"] == {"pin": "1234"}
    assert deployment.outputs == {"pin": "1234"}
    assert "1234" not in repr(deployment.registrations)


def test_the_clouds_region_overrides_the_stacks(project: Write, recorder: Recorder) -> None:
    program = """
pulumi.export("regions", [aws.get_region().region, pulumi.Config("aws").require("region")])
"""
    root = project(program, dev="config: {'aws:region': eu-west-1}")
    assert up(root, "dev", recorder).outputs == {"regions": ["us-east-1", "us-east-1"]}


def test_an_explicit_provider_is_accepted(project: Write, recorder: Recorder) -> None:
    program = """
here = aws.Provider("here", region="us-east-1", profile="shop")
aws.sqs.Queue("q", opts=pulumi.ResourceOptions(provider=here))
"""
    made = {made.name: made for made in up(project(program), "dev", recorder).registrations}
    assert made["here"].id == "here"
    assert len(recorder.calls) == 1


def test_a_property_without_effect_is_passed_on_where_the_api_has_it(
    project: Write, recorder: Recorder
) -> None:
    up(project("aws.sqs.Queue('q', sqs_managed_sse_enabled=True)"), "dev", recorder)
    assert recorder.params("create_queue")[0]["Attributes"] == {"SqsManagedSseEnabled": "true"}


def test_a_property_that_only_matters_when_destroying_is_let_go(
    project: Write, recorder: Recorder
) -> None:
    program = "aws.cloudwatch.LogGroup('g', name='g', retention_in_days=7, skip_destroy=True)"
    up(project(program), "dev", recorder)
    assert recorder.calls == [
        ("logs", "create_log_group", {"logGroupName": "g"}),
        ("logs", "put_retention_policy", {"logGroupName": "g", "retentionInDays": 7}),
    ]


def test_a_target_that_eventbridge_refuses_fails_although_the_call_succeeds(
    project: Write, recorder: Recorder
) -> None:
    refusal = {"TargetId": "t", "ErrorCode": "Denied", "ErrorMessage": "no such queue"}
    recorder.answers["put_targets"] = {"FailedEntryCount": 1, "FailedEntries": [refusal]}
    program = "aws.cloudwatch.EventTarget('t', rule='r', arn='arn:aws:sqs:x')"
    with pytest.raises(DeployError, match=r"'t': Denied: no such queue\.$"):
        up(project(program), "dev", recorder)


def test_a_role_gets_the_managed_policies_it_lists(project: Write, recorder: Recorder) -> None:
    created = datetime(2026, 1, 1, tzinfo=UTC)
    role = {"Arn": "arn:role", "RoleId": "AROA", "Path": "/", "CreateDate": created}
    recorder.answers["create_role"] = {"Role": role}
    program = "aws.iam.Role('r', name='r', assume_role_policy='{}', managed_policy_arns=['arn:p'])"
    up(project(program), "dev", recorder)
    assert recorder.params("attach_role_policy") == [{"RoleName": "r", "PolicyArn": "arn:p"}]


@pytest.mark.parametrize(("protocol", "pending"), [("email", True), ("sqs", False)])
def test_only_a_subscriber_who_must_confirm_is_pending(
    project: Write, recorder: Recorder, protocol: str, pending: bool
) -> None:
    recorder.answers["subscribe"] = {"SubscriptionArn": "arn:subscription"}
    program = f"""
made = aws.sns.TopicSubscription("s", topic="t", protocol="{protocol}", endpoint="e")
pulumi.export("pending", made.pending_confirmation)
"""
    assert up(project(program), "dev", recorder).outputs == {"pending": pending}


def test_a_preview_and_an_up_register_the_same(project: Write, recorder: Recorder) -> None:
    root = project("aws.sqs.Queue('a')\naws.sns.Topic('b', display_name='B')")
    planned = [(made.urn, made.inputs) for made in preview(root)]
    deployed = up(root, "dev", recorder).registrations
    assert [(made.urn, made.inputs) for made in deployed] == planned
