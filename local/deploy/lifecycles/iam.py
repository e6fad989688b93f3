"""IAM roles and their policies."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, again, answers, call
from local.deploy.providers.iam import KINDS

_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_HOUR = 3600


def _role(existing: Existing, order: Order, changed: Collection[str]) -> dict[str, Any]:
    client, name, new = existing.client("iam"), {"RoleName": existing.id}, order.params
    client.update_assume_role_policy(**name, PolicyDocument=new["AssumeRolePolicyDocument"])
    described = {"Description": "", "MaxSessionDuration": _HOUR}
    client.update_role(**name, **{key: new.get(key, none) for key, none in described.items()})
    if "permissionsBoundary" in changed:
        _bound(client, name, new.get("PermissionsBoundary"))
    _inline(client, name, existing.order.params, new)
    _manage(client, name, existing.order.params, new)
    return {}


def _bound(client: Any, name: dict[str, str], boundary: str | None) -> None:
    if boundary:
        client.put_role_permissions_boundary(**name, PermissionsBoundary=boundary)
    else:
        client.delete_role_permissions_boundary(**name)


def _inline(client: Any, name: dict[str, str], old: dict[str, Any], new: dict[str, Any]) -> None:
    policies = new.get("InlinePolicies", [])
    kept = {policy["PolicyName"] for policy in policies}
    for policy in old.get("InlinePolicies", []):
        if policy["PolicyName"] not in kept:
            client.delete_role_policy(**name, PolicyName=policy["PolicyName"])
    for policy in policies:
        client.put_role_policy(**name, **policy)


def _manage(client: Any, name: dict[str, str], old: dict[str, Any], new: dict[str, Any]) -> None:
    before, after = set(old.get("ManagedPolicyArns", [])), set(new.get("ManagedPolicyArns", []))
    for arn in before - after:
        client.detach_role_policy(**name, PolicyArn=arn)
    for arn in after - before:
        client.attach_role_policy(**name, PolicyArn=arn)


def _delete_role(existing: Existing) -> None:
    """IAM deletes no role that has policies: its own go first, or all if that is wanted."""
    client, name = existing.client("iam"), {"RoleName": existing.id}
    held = dict(existing.order.params)
    if existing.order.inputs.get("forceDetachPolicies"):
        attached = client.list_attached_role_policies(**name)["AttachedPolicies"]
        held["ManagedPolicyArns"] = [policy["PolicyArn"] for policy in attached]
        inline = client.list_role_policies(**name)["PolicyNames"]
        held["InlinePolicies"] = [{"PolicyName": each} for each in inline]
    _inline(client, name, held, {})
    _manage(client, name, held, {})
    client.delete_role(**name)


def _attached(existing: Existing) -> bool:
    params = existing.order.params
    found = existing.client("iam").list_attached_role_policies(RoleName=params["RoleName"])
    return params["PolicyArn"] in [policy["PolicyArn"] for policy in found["AttachedPolicies"]]


LIFECYCLES: Lifecycles = {
    "aws:iam/role:Role": Lifecycle(
        answers(call("iam", "get_role", by="RoleName")),
        _delete_role,
        _role,
        frozenset({"path"}),
    ),
    _ROLE_POLICY: Lifecycle(
        answers(call("iam", "get_role_policy", "RoleName", "PolicyName")),
        call("iam", "delete_role_policy", "RoleName", "PolicyName"),
        again(KINDS[_ROLE_POLICY]),
        frozenset({"role"}),
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Lifecycle(
        answers(_attached), call("iam", "detach_role_policy", "RoleName", "PolicyArn")
    ),
}
