"""KMS keys and their aliases."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, answers, call

_FIXED = frozenset({"customerMasterKeySpec", "keyUsage", "multiRegion"})
_ROTATION = {"enableKeyRotation", "rotationPeriodInDays"}
_WINDOW = 30  # days, KMS's own where none is given


def _key(existing: Existing, order: Order, changed: Collection[str]) -> dict[str, Any]:
    client, key, new = existing.client("kms"), {"KeyId": existing.id}, order.params
    if "policy" in changed and "Policy" in new:
        client.put_key_policy(**key, PolicyName="default", Policy=new["Policy"])
    if "description" in changed:
        client.update_key_description(**key, Description=new.get("Description", ""))
    if "isEnabled" in changed:
        (client.enable_key if new.get("IsEnabled", True) else client.disable_key)(**key)
    if _ROTATION.intersection(changed):
        _rotate(client, key, new)
    return {}


def _rotate(client: Any, key: dict[str, str], new: dict[str, Any]) -> None:
    if new.get("EnableKeyRotation"):
        period = new.get("RotationPeriodInDays", 365)
        client.enable_key_rotation(**key, RotationPeriodInDays=period)
    else:
        client.disable_key_rotation(**key)


def _delete_key(existing: Existing) -> None:
    days = existing.order.inputs.get("deletionWindowInDays", _WINDOW)
    existing.client("kms").schedule_key_deletion(KeyId=existing.id, PendingWindowInDays=days)


def _is_kept(answer: Any) -> bool:
    return bool(answer["KeyMetadata"]["KeyState"] != "PendingDeletion")


def _alias(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    existing.client("kms").update_alias(**order.params)
    key = order.params["TargetKeyId"].rsplit("/", 1)[-1]
    return {"targetKeyArn": order.arn("kms", f"key/{key}")}


def _aliases(existing: Existing) -> list[str]:
    found = existing.client("kms").list_aliases()["Aliases"]
    return [alias["AliasName"] for alias in found if alias["AliasName"] == existing.id]


LIFECYCLES: Lifecycles = {
    "aws:kms/alias:Alias": Lifecycle(
        answers(_aliases), call("kms", "delete_alias", by="AliasName"), _alias
    ),
    "aws:kms/key:Key": Lifecycle(
        answers(call("kms", "describe_key", by="KeyId"), _is_kept), _delete_key, _key, _FIXED
    ),
}
