"""Policy documents, and what a machine's role needs besides what its definition does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from asl.permissions import Statement

_LOG_DELIVERY: Final = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)
_TRACING: Final = (
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
)
_ENCRYPTION: Final = ("kms:Decrypt", "kms:GenerateDataKey")


def logging_statements() -> list[Statement]:
    """What a machine that logs to CloudWatch needs; AWS has no resource level for these.

    Source: AWS Step Functions Developer Guide, "Logging using CloudWatch Logs".
    """
    return [_allow("LogDelivery", _LOG_DELIVERY, ["*"])]


def tracing_statements() -> list[Statement]:
    """What a machine that traces with X-Ray needs; AWS has no resource level for these.

    Source: AWS Step Functions Developer Guide, "Tracing with AWS X-Ray".
    """
    return [_allow("Tracing", _TRACING, ["*"])]


def encryption_statements(keys: Iterable[str]) -> list[Statement]:
    """What a machine encrypted with KMS keys, or using resources that are, needs on them.

    Args:
        keys: ARNs of the keys; none, no statement.
    """
    arns = sorted(set(keys))
    return [_allow("Encryption", _ENCRYPTION, arns)] if arns else []


def policy_document(statements: Iterable[Statement]) -> dict[str, Any]:
    """An IAM policy of these statements."""
    return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]}


def _allow(sid: str, actions: Iterable[str], resources: list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resources}
