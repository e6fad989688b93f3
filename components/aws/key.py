"""A KMS key for topics that AWS's own services publish to.

EventBridge and CloudWatch cannot publish to a topic under the AWS-managed key `alias/aws/sns`,
whose policy names neither (EventBridge User Guide, "Troubleshooting": encrypted topics).
"""

from collections.abc import Sequence
from typing import Any, TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.grants import document

_EVENTS = "events.amazonaws.com"


class KeyArgs(TypedDict):
    """`services` are the principals that publish, such as `events.amazonaws.com`."""

    description: str
    services: Sequence[str]


class Key(pulumi.ComponentResource):
    """A customer managed key, rotated yearly, whose policy names the account and services."""

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: KeyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aws-blocks:index:Key", name, None, opts)
        invoke = pulumi.InvokeOutputOptions(parent=self)
        account = aws.get_caller_identity_output(opts=invoke).account_id
        partition = aws.get_partition_output(opts=invoke).partition
        region = aws.get_region_output(opts=invoke).region
        owner = {
            "Effect": "Allow",
            "Principal": {"AWS": pulumi.Output.format("arn:{0}:iam::{1}:root", partition, account)},
            "Action": "kms:*",
            "Resource": "*",
        }
        topics = pulumi.Output.format("arn:{0}:sns:{1}:{2}:*", partition, region, account)
        services = [_use(service, account, topics) for service in args["services"]]
        key = aws.kms.Key(
            name,
            description=args["description"],
            enable_key_rotation=True,
            policy=document([owner, *services]),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})


def _use(service: str, account: pulumi.Output[str], topics: pulumi.Output[str]) -> dict[str, Any]:
    """The statement that lets a service encrypt what it publishes to this account's topics.

    EventBridge sends neither account nor ARN of a source (SNS Developer Guide, "Managing Amazon SNS
    encryption keys"); what SNS encrypts is always bound to the topic's ARN.
    """
    source = {"StringEquals": {"aws:SourceAccount": account}}
    encrypted = {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": topics}}
    return {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": encrypted if service == _EVENTS else source,
    }
