"""What cfn-lint, which knows AWS's actions and their resources, says of the stack's policies."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from local.deploy import Registration
from local.stack import Stack

_INPUTS = ("policy", "assumeRolePolicy")
_RULES = {"E3510", "E3512", "E3530", "I3510", "W2511", "W3037"}
"""Identity, resource and trust policies; resources of actions; version; actions there are."""

_KINDS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "aws:iam/rolePolicy:RolePolicy": (
        "AWS::IAM::RolePolicy",
        "PolicyDocument",
        {"RoleName": "role", "PolicyName": "policy"},
    ),
    "aws:iam/role:Role": ("AWS::IAM::Role", "AssumeRolePolicyDocument", {}),
    "aws:kms/key:Key": ("AWS::KMS::Key", "KeyPolicy", {}),
    "aws:s3/bucketPolicy:BucketPolicy": (
        "AWS::S3::BucketPolicy",
        "PolicyDocument",
        {"Bucket": "bucket"},
    ),
    "aws:sns/topicPolicy:TopicPolicy": (
        "AWS::SNS::TopicPolicy",
        "PolicyDocument",
        {"Topics": ["topic"]},
    ),
    "aws:sqs/queuePolicy:QueuePolicy": (
        "AWS::SQS::QueuePolicy",
        "PolicyDocument",
        {"Queues": ["queue"]},
    ),
}
"""CloudFormation's type of a resource with a policy, where that stands, and what it must have."""


def _findings(policies: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The findings in each policy, which is a type of the program and a document."""
    from cfnlint.api import ManualArgs, lint  # half a second that other processes are spared

    resources = {f"Policy{number}": _resource(*each) for number, each in enumerate(policies)}
    matches = lint(
        json.dumps({"Resources": resources}),
        config=ManualArgs(include_checks=["I"], regions=["us-east-1"]),
    )
    found: dict[str, list[str]] = {name: [] for name in resources}
    for match in matches:
        if match.rule.id in _RULES:
            found[match.path[1]].append(f"{match.rule.id} {match.message}")
    return list(found.values())


def _resource(kind: str, document: str) -> dict[str, Any]:
    made, name, others = _KINDS[kind]
    return {"Type": made, "Properties": {**others, name: json.loads(document)}}


def _policies(registrations: Iterable[Registration]) -> list[tuple[str, str]]:
    return [
        (made.type, str(made.inputs[name]))
        for made in registrations
        for name in _INPUTS
        if name in made.inputs
    ]


def test_cfn_lint_finds_nothing_in_any_policy_of_the_deployed_stack(stack: Stack) -> None:
    policies = _policies(stack.deployment.registrations)
    judged = zip(policies, _findings(policies), strict=True)

    assert {kind for kind, _ in policies} == set(_KINDS)
    assert [(policy, found) for policy, found in judged if found] == []


_ROLE, _QUEUE = "aws:iam/rolePolicy:RolePolicy", "aws:sqs/queuePolicy:QueuePolicy"
_QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:queue"
_SEND = {"Action": "sqs:SendMessage", "Resource": _QUEUE_ARN}
_MISTAKES: Sequence[tuple[str, str, dict[str, Any]]] = [
    ("W3037 'getitems' is not", _ROLE, {"Action": "dynamodb:GetItems", "Resource": "*"}),
    ("I3510 action", _ROLE, {"Action": "dynamodb:GetItem", "Resource": _QUEUE_ARN}),
    ("E3510 Additional properties", _ROLE, {**_SEND, "Resoruce": "*"}),
    ("E3510 Only one of ['Resource'", _ROLE, {"Action": "sqs:SendMessage"}),
    ("E3510 'queue' does not match", _ROLE, {**_SEND, "Resource": "queue"}),
    ("E3510 'allow' is not one of", _ROLE, {**_SEND, "Effect": "allow"}),
    ("E3510 'StringEqual'", _ROLE, {**_SEND, "Condition": {"StringEqual": {"aws:a": "b"}}}),
    ("E3512 Only one of ['Principal'", _QUEUE, _SEND),
    ("W3037 'sns' is not one of", _QUEUE, {"Action": "sns:Publish", "Resource": "*"}),
    ("E3530 Additional properties", "aws:iam/role:Role", _SEND),
]


def test_cfn_lint_would_find_a_mistake() -> None:
    documents = [
        (kind, json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each}]}))
        for _, kind, each in _MISTAKES
    ]
    judged = _findings(documents)

    for (expected, _, statement), found in zip(_MISTAKES, judged, strict=True):
        assert any(each.startswith(expected) for each in found), (statement, found)
