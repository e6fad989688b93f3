"""IAM roles and their policies."""

from __future__ import annotations

from local.deploy.backend import Created
from local.deploy.fields import Fields, tag_list
from local.deploy.kinds import Kind, Kinds, Order

_ROLE: Fields = {
    "assumeRolePolicy": "AssumeRolePolicyDocument",
    "description": "Description",
    "inlinePolicies": ("InlinePolicies", {"name": "PolicyName", "policy": "PolicyDocument"}),
    "managedPolicyArns": "ManagedPolicyArns",
    "maxSessionDuration": "MaxSessionDuration",
    "path": "Path",
    "permissionsBoundary": "PermissionsBoundary",
    "tags": tag_list(),
}
_ROLE_POLICY: Fields = {"role": "RoleName", "policy": "PolicyDocument"}
_ATTACHMENT: Fields = {"role": "RoleName", "policyArn": "PolicyArn"}


def _role(order: Order) -> Created:
    client = order.cloud.client("iam")
    params = dict(order.params)
    inline = params.pop("InlinePolicies", [])
    managed = params.pop("ManagedPolicyArns", [])
    role = client.create_role(**params)["Role"]
    for policy in inline:
        client.put_role_policy(RoleName=order.name, **policy)
    for arn in managed:
        client.attach_role_policy(RoleName=order.name, PolicyArn=arn)
    outputs = {"arn": role["Arn"], "uniqueId": role["RoleId"], "path": role["Path"]}
    return Created(order.name, outputs | {"createDate": role["CreateDate"].isoformat()})


def _role_policy(order: Order) -> Created:
    order.cloud.client("iam").put_role_policy(**order.params)
    return Created(f"{order.params['RoleName']}:{order.name}")


def _attachment(order: Order) -> Created:
    order.cloud.client("iam").attach_role_policy(**order.params)
    return Created(f"{order.params['RoleName']}/{order.params['PolicyArn']}")


KINDS: Kinds = {
    "aws:iam/role:Role": Kind(_role, _ROLE, "RoleName"),
    "aws:iam/rolePolicy:RolePolicy": Kind(_role_policy, _ROLE_POLICY, "PolicyName"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Kind(_attachment, _ATTACHMENT),
}
