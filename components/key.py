"""A KMS key for what AWS's own services must be able to encrypt.

EventBridge and CloudWatch cannot publish to a topic under the AWS-managed key `alias/aws/sns`,
whose policy names neither (EventBridge User Guide, "Troubleshooting": encrypted topics).
"""

from collections.abc import Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.grants import document


class KeyArgs(TypedDict):
    """`services` are the principals that may use the key, such as `events.amazonaws.com`."""

    description: str
    services: Sequence[str]


class Key(pulumi.ComponentResource):
    """A customer managed key, rotated yearly, whose policy names the account and services."""

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: KeyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:Key", name, None, opts)
        invoke = pulumi.InvokeOutputOptions(parent=self)
        account = aws.get_caller_identity_output(opts=invoke).account_id
        partition = aws.get_partition_output(opts=invoke).partition
        owner = {
            "Effect": "Allow",
            "Principal": {"AWS": pulumi.Output.format("arn:{0}:iam::{1}:root", partition, account)},
            "Action": "kms:*",
            "Resource": "*",
        }
        services = {
            "Effect": "Allow",
            "Principal": {"Service": list(args["services"])},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceAccount": account}},
        }
        key = aws.kms.Key(
            name,
            description=args["description"],
            enable_key_rotation=True,
            policy=document([owner, services]),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})
