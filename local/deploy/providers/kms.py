"""KMS keys and their aliases."""

from __future__ import annotations

from local.deploy.backend import Created
from local.deploy.fields import Fields, tag_list
from local.deploy.kinds import Kind, Kinds, Order

_KEY: Fields = {
    "bypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck",
    "customerMasterKeySpec": "KeySpec",
    "description": "Description",
    "enableKeyRotation": "EnableKeyRotation",
    "isEnabled": "IsEnabled",
    "keyUsage": "KeyUsage",
    "multiRegion": "MultiRegion",
    "policy": "Policy",
    "rotationPeriodInDays": "RotationPeriodInDays",
    "tags": tag_list("TagKey", "TagValue"),
}
_ALIAS: Fields = {"targetKeyId": "TargetKeyId"}


def _key(order: Order) -> Created:
    client = order.cloud.client("kms")
    params = dict(order.params)
    rotates = params.pop("EnableKeyRotation", False)
    period = {"RotationPeriodInDays": params.pop("RotationPeriodInDays", 365)}
    enabled = params.pop("IsEnabled", True)
    key = client.create_key(**params)["KeyMetadata"]
    if rotates:
        client.enable_key_rotation(KeyId=key["KeyId"], **period)
    if not enabled:
        client.disable_key(KeyId=key["KeyId"])
    return Created(key["KeyId"], {"arn": key["Arn"], "keyId": key["KeyId"]})


def _alias(order: Order) -> Created:
    order.cloud.client("kms").create_alias(**order.params)
    key = order.params["TargetKeyId"].rsplit("/", 1)[-1]
    outputs = {"arn": order.arn("kms", order.name), "targetKeyArn": order.arn("kms", f"key/{key}")}
    return Created(order.name, outputs)


KINDS: Kinds = {
    "aws:kms/alias:Alias": Kind(_alias, _ALIAS, "AliasName"),
    "aws:kms/key:Key": Kind(_key, _KEY),
}
