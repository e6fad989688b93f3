"""S3 buckets and what is set on them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Delete, Existing, Lifecycle, Lifecycles, again, answers, call
from local.deploy.providers.s3 import KINDS


def _bucket(_existing: Existing, _order: Order, _changed: Collection[str]) -> dict[str, Any]:
    return {}  # nothing of it but tags and what its deletion does


def _delete_bucket(existing: Existing) -> None:
    client, bucket = existing.client("s3"), {"Bucket": existing.id}
    if existing.order.inputs.get("forceDestroy"):
        found = client.list_object_versions(**bucket)
        for entry in [*found.get("Versions", []), *found.get("DeleteMarkers", [])]:
            client.delete_object(**bucket, Key=entry["Key"], VersionId=entry["VersionId"])
    client.delete_bucket(**bucket)


def _suspend(existing: Existing) -> None:
    off = {"Status": "Suspended"}
    existing.client("s3").put_bucket_versioning(Bucket=existing.id, VersioningConfiguration=off)


def _is_versioned(answer: Any) -> bool:
    return bool(answer.get("Status") == "Enabled")


def _on_bucket(
    type_: str,
    subject: str,
    delete: Delete | None = None,
    holds: Callable[[Any], object] = bool,
) -> Lifecycle:
    """A property of a bucket, set by one call that overwrites it."""
    return Lifecycle(
        answers(call("s3", f"get_{subject}", by="Bucket"), holds),
        delete or call("s3", f"delete_{subject}", by="Bucket"),
        again(KINDS[type_]),
        frozenset({"bucket"}),
    )


_SUBJECTS = {
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "bucket_ownership_controls",
    "aws:s3/bucketPolicy:BucketPolicy": "bucket_policy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "public_access_block",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "bucket_encryption"
    ),
}
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"

LIFECYCLES: Lifecycles = {
    "aws:s3/bucket:Bucket": Lifecycle(
        answers(call("s3", "head_bucket", by="Bucket")), _delete_bucket, _bucket
    ),
    _LIFECYCLE: _on_bucket(
        _LIFECYCLE,
        "bucket_lifecycle_configuration",
        call("s3", "delete_bucket_lifecycle", by="Bucket"),
    ),
    _VERSIONING: _on_bucket(_VERSIONING, "bucket_versioning", _suspend, _is_versioned),
    **{type_: _on_bucket(type_, subject) for type_, subject in _SUBJECTS.items()},
}
