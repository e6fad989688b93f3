"""Secrets Manager secrets and their values."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, answers, call, nothing

_WINDOW = 30  # days, the service's own where none is given


def _secret(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    names = ("Description", "KmsKeyId")
    params = {key: order.params[key] for key in names if key in order.params}
    existing.client("secretsmanager").update_secret(SecretId=existing.id, **params)
    return {}


def _delete_secret(existing: Existing) -> None:
    days = existing.order.inputs.get("recoveryWindowInDays", _WINDOW)
    window = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
    existing.client("secretsmanager").delete_secret(SecretId=existing.id, **window)


def _is_kept(answer: Any) -> bool:
    return "DeletedDate" not in answer


def _versions(existing: Existing) -> bool:
    secret, _, version = existing.id.partition("|")
    answer = existing.client("secretsmanager").describe_secret(SecretId=secret)
    return _is_kept(answer) and version in answer["VersionIdsToStages"]


LIFECYCLES: Lifecycles = {
    "aws:secretsmanager/secret:Secret": Lifecycle(
        answers(call("secretsmanager", "describe_secret", by="SecretId"), _is_kept),
        _delete_secret,
        _secret,
        overwrites=False,
    ),
    # The current version of a secret cannot be taken from it.
    "aws:secretsmanager/secretVersion:SecretVersion": Lifecycle(answers(_versions), nothing),
}
