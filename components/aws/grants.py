"""Permissions as plain IAM policy statements, and the roles that hold them."""

from collections.abc import Iterable, Sequence
from typing import Any, TypedDict

import pulumi
import pulumi_aws as aws


class Statement(TypedDict):
    """One `Allow` of an IAM policy document."""

    Effect: str
    Action: list[str]
    Resource: list[pulumi.Input[str]]


def allow(service: str, actions: Iterable[str], *resources: pulumi.Input[str]) -> Statement:
    """An IAM statement that allows `actions` of one service on `resources`."""
    return {
        "Effect": "Allow",
        "Action": sorted(f"{service}:{action}" for action in actions),
        "Resource": list(resources),
    }


def document(statements: pulumi.Input[Sequence[Any]]) -> pulumi.Output[str]:
    """An IAM policy document as canonical JSON, so that a preview shows only real changes."""
    return pulumi.Output.json_dumps(
        {"Version": "2012-10-17", "Statement": statements}, sort_keys=True
    )


_SENDS_ITS_ACCOUNT = {"scheduler.amazonaws.com", "states.amazonaws.com"}
"""The services whose guides show `aws:SourceAccount` in a trust policy; Lambda's does not."""


def service_role(name: str, service: str, parent: pulumi.Resource) -> aws.iam.Role:
    """A role that one AWS service may assume, where the service says so only for this account.

    The account condition is AWS's guard against the confused deputy
    (IAM User Guide, "The confused deputy problem").
    """
    trust: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    if service in _SENDS_ITS_ACCOUNT:
        invoke = pulumi.InvokeOutputOptions(parent=parent)
        account = aws.get_caller_identity_output(opts=invoke).account_id
        trust["Condition"] = {"StringEquals": {"aws:SourceAccount": account}}
    return aws.iam.Role(
        f"{name}-role",
        assume_role_policy=document([trust]),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def role_policy(
    name: str, role: aws.iam.Role, statements: pulumi.Input[Sequence[Any]]
) -> aws.iam.RolePolicy:
    """The inline policy of a role."""
    return aws.iam.RolePolicy(
        f"{name}-policy",
        role=role.name,
        policy=document(statements),
        opts=pulumi.ResourceOptions(parent=role),
    )
