"""The provider functions a program may call, answered from the backend's account and region."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.deploy.backend import Backend


def _caller_identity(backend: Backend) -> dict[str, Any]:
    account = backend.account
    return {
        "accountId": account,
        "arn": f"arn:aws:iam::{account}:root",
        "userId": account,
        "id": account,
    }


def _region(backend: Backend) -> dict[str, Any]:
    region = backend.region
    return {
        "description": region,
        "endpoint": f"ec2.{region}.amazonaws.com",
        "id": region,
        "name": region,
        "region": region,
    }


def _partition(_: Backend) -> dict[str, Any]:
    return {
        "dnsSuffix": "amazonaws.com",
        "id": "aws",
        "partition": "aws",
        "reverseDnsPrefix": "com.amazonaws",
    }


_ANSWERS: dict[str, Callable[[Backend], dict[str, Any]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
}


def answer(token: str, backend: Backend) -> dict[str, Any] | None:
    """Answers a provider function by its token; None for one that is not in the table."""
    function = _ANSWERS.get(token)
    return function(backend) if function else None
