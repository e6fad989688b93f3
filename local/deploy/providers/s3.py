"""S3 buckets and what is set on them."""

from __future__ import annotations

from collections.abc import Callable

from local.deploy.backend import Created
from local.deploy.fields import Fields, inside, tag_list
from local.deploy.kinds import Kind, Kinds, Order

_BUCKET: Fields = {"tags": tag_list()}
_ON_BUCKET: Fields = {"bucket": "Bucket"}
_POLICY: Fields = {**_ON_BUCKET, "policy": "Policy"}
_PUBLIC_ACCESS: Fields = {
    **_ON_BUCKET,
    "blockPublicAcls": inside("PublicAccessBlockConfiguration", "BlockPublicAcls"),
    "blockPublicPolicy": inside("PublicAccessBlockConfiguration", "BlockPublicPolicy"),
    "ignorePublicAcls": inside("PublicAccessBlockConfiguration", "IgnorePublicAcls"),
    "restrictPublicBuckets": inside("PublicAccessBlockConfiguration", "RestrictPublicBuckets"),
}
_VERSIONING: Fields = {
    **_ON_BUCKET,
    "versioningConfiguration": ("VersioningConfiguration", {"status": "Status"}),
}
_OWNERSHIP: Fields = {
    **_ON_BUCKET,
    "rule": ("OwnershipControls", {"objectOwnership": "ObjectOwnership"}),
}
_ENCRYPTION_RULE: Fields = {
    "applyServerSideEncryptionByDefault": (
        "ApplyServerSideEncryptionByDefault",
        {"kmsMasterKeyId": "KMSMasterKeyID", "sseAlgorithm": "SSEAlgorithm"},
    ),
    "bucketKeyEnabled": "BucketKeyEnabled",
}
_ENCRYPTION: Fields = {**_ON_BUCKET, "rules": ("Rules", _ENCRYPTION_RULE)}
_LIFECYCLE_RULE: Fields = {
    "abortIncompleteMultipartUpload": (
        "AbortIncompleteMultipartUpload",
        {"daysAfterInitiation": "DaysAfterInitiation"},
    ),
    "expiration": ("Expiration", {"days": "Days"}),
    "filter": ("Filter", {"prefix": "Prefix"}),
    "id": "ID",
    "noncurrentVersionExpiration": (
        "NoncurrentVersionExpiration",
        {"noncurrentDays": "NoncurrentDays"},
    ),
    "status": "Status",
}
_LIFECYCLE: Fields = {**_ON_BUCKET, "rules": ("Rules", _LIFECYCLE_RULE)}


def _bucket(order: Order) -> Created:
    client = order.cloud.client("s3")
    client.create_bucket(Bucket=order.name)
    if "Tags" in order.params:
        client.put_bucket_tagging(Bucket=order.name, Tagging={"TagSet": order.params["Tags"]})
    outputs = {
        "arn": f"arn:aws:s3:::{order.name}",
        "bucketDomainName": f"{order.name}.s3.amazonaws.com",
        "bucketRegion": order.cloud.region,
        "bucketRegionalDomainName": f"{order.name}.s3.{order.cloud.region}.amazonaws.com",
    }
    return Created(order.name, outputs)


def _ownership(order: Order) -> Created:
    rules = {"Rules": [order.params["OwnershipControls"]]}
    bucket = order.params["Bucket"]
    client = order.cloud.client("s3")
    client.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=rules)
    return Created(bucket)


def _put(operation: str, wrapper: str | None = None) -> Callable[[Order], Created]:
    """A creator that calls one `put_…`; `wrapper` is the parameter that holds the rules."""

    def create(order: Order) -> Created:
        params = dict(order.params)
        if wrapper:
            params[wrapper] = {"Rules": params.pop("Rules", [])}
        getattr(order.cloud.client("s3"), operation)(**params)
        return Created(params["Bucket"])

    return create


KINDS: Kinds = {
    "aws:s3/bucket:Bucket": Kind(_bucket, _BUCKET, "Bucket"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Kind(
        _put("put_bucket_lifecycle_configuration", "LifecycleConfiguration"), _LIFECYCLE
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Kind(_ownership, _OWNERSHIP),
    "aws:s3/bucketPolicy:BucketPolicy": Kind(_put("put_bucket_policy"), _POLICY),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Kind(
        _put("put_public_access_block"), _PUBLIC_ACCESS
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Kind(
        _put("put_bucket_encryption", "ServerSideEncryptionConfiguration"), _ENCRYPTION
    ),
    "aws:s3/bucketVersioning:BucketVersioning": Kind(_put("put_bucket_versioning"), _VERSIONING),
}
