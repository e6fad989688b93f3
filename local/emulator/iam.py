"""Questions to ministack's IAM that its services do not ask."""

import json
from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

from local.emulator.service_request import Target
from local.emulator.service_request_table import find


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


def role_trusts(role_arn: str, service: str, source_arn: str = "") -> bool:
    """Whether the role exists and its trust policy lets the service assume it.

    The service sends what `service_request_table.py` says, for `source_arn` in the role's account.
    """
    account = role_arn.split(":")[4]
    role = iam._roles.get_scoped(account, None, role_name(role_arn))
    if role is None:
        return False
    row = find(service, Target.ROLE)
    context = row.values(source_arn, account, role_arn) if row else {}
    document = _with_resource(role.get("AssumeRolePolicyDocument", "{}"))
    return service_allowed(document, "sts:AssumeRole", "*", service, context)


def service_allowed(
    policy: Any, action: str, resource: str, service: str, keys: Mapping[str, str]
) -> bool:
    """Whether a resource's policy lets an AWS service act on it.

    Args:
        policy: the document, as text or read; without one no service is admitted.
        action: such as `sns:Publish`.
        resource: the ARN that the policy's statements may name.
        service: the principal, such as `events.amazonaws.com`.
        keys: the condition keys that it sends, in lower case, with their values.
    """
    context = iam_evaluator.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action=action,
        resource_arn=resource,
        region=_region(resource),
        service_context={
            "aws:principalisawsservice": "true",
            "aws:principalservicename": service,
            **keys,
        },
    )
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
