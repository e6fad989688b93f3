"""Questions to ministack's IAM that its services do not ask."""

import json
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam


def role_name(role_arn: str) -> str:
    """The name at the end of a role's ARN, whose path is dropped."""
    return role_arn.rsplit("/", 1)[-1]


def role_allows(role_arn: str, action: str, resource: str) -> bool:
    """Whether the role's own policies allow the action on the resource."""
    account, region = role_arn.split(":")[4], _region(resource)
    context = iam_evaluator.EvalContext(
        principal_arn=role_arn,
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=region,
    )
    policies = iam_evaluator._gather_role_policies(role_name(role_arn), account)
    return bool(iam_evaluator.evaluate(context, policies).decision == "Allow")


def role_trusts(role_arn: str, service: str) -> bool:
    """Whether the role exists and its trust policy lets the service assume it for its account."""
    account = role_arn.split(":")[4]
    role = iam._roles.get_scoped(account, None, role_name(role_arn))
    if role is None:
        return False
    context = iam_evaluator.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="sts:AssumeRole",
        resource_arn="*",
        region="",
        service_context={"aws:sourceaccount": account},
    )
    document = _with_resource(role.get("AssumeRolePolicyDocument", "{}"))
    return _allows(document, context, service)


def resource_allows(policy: Any, action: str, resource: str, service: str, source: str) -> bool:
    """Whether a resource's policy lets an AWS service act on it for the source's sake."""
    context = iam_evaluator.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action=action,
        resource_arn=resource,
        region=_region(resource),
        service_context={"aws:sourcearn": source, "aws:sourceaccount": source.split(":")[4]},
    )
    return _allows(policy, context, service)


def _allows(policy: Any, context: Any, service: str) -> bool:
    result = iam_evaluator.evaluate_resource_policy(policy, context, service=service)
    return bool(result.decision == "Allow")


def _region(resource: str) -> str:
    return resource.split(":")[3] if resource.count(":") > 4 else ""


def _with_resource(trust: Any) -> dict[str, Any]:
    """A trust policy names no resource; the evaluator wants one in every statement."""
    document = json.loads(trust) if isinstance(trust, str) else trust
    statements = document.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    return {"Statement": [{**statement, "Resource": "*"} for statement in listed]}
