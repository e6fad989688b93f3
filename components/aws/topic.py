"""An SNS topic that AWS's own services publish to."""

from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.grants import document


class TopicArgs(TypedDict):
    """`key` encrypts the topic; EventBridge rules publish to it with `events`.

    With `alarms`, CloudWatch alarms of this account may publish too.
    """

    key: pulumi.Input[str]
    events: NotRequired[bool]
    alarms: NotRequired[bool]
    email: NotRequired[str]


class Topic(pulumi.ComponentResource):
    """An encrypted topic that only named services reach, over TLS.

    Which rules publish cannot be named: a topic's policy can have no condition for EventBridge
    (EventBridge User Guide, "Using resource-based policies").
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: TopicArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aws-blocks:index:Topic", name, None, opts)
        topic = aws.sns.Topic(
            name, kms_master_key_id=args["key"], opts=pulumi.ResourceOptions(parent=self)
        )
        aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            policy=document(_statements(topic.arn, args, self)),
            opts=pulumi.ResourceOptions(parent=self),
        )
        if args.get("email"):
            aws.sns.TopicSubscription(
                f"{name}-email",
                topic=topic.arn,
                protocol="email",
                endpoint=args["email"],
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.name = topic.name
        self.arn = topic.arn
        self.register_outputs({"name": self.name, "arn": self.arn})


def _statements(
    topic_arn: pulumi.Output[str], args: TopicArgs, parent: pulumi.Resource
) -> list[dict[str, Any]]:
    tls_only = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    statements = [tls_only]
    if args.get("events"):
        statements.append(_publisher(topic_arn, "events"))
    if args.get("alarms"):
        caller = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=parent))
        account = {"StringEquals": {"aws:SourceAccount": caller.account_id}}
        statements.append({**_publisher(topic_arn, "cloudwatch"), "Condition": account})
    return statements


def _publisher(topic_arn: pulumi.Output[str], service: str) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic_arn,
    }
