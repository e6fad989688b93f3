"""An S3 bucket that nobody reaches by accident: private, encrypted, versioned."""

from collections.abc import Iterable
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.grants import Statement, allow, document

NONCURRENT_DAYS = 90


class BucketArgs(TypedDict):
    """`noncurrent_days` is how long a version that was replaced or deleted is kept."""

    noncurrent_days: NotRequired[int]


class Bucket(pulumi.ComponentResource):
    """A private bucket, encrypted at rest, versioned, reached over TLS only."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aws-blocks:index:Bucket", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        bucket = aws.s3.Bucket(name, opts=child)
        self.name = bucket.bucket
        self.arn = bucket.arn
        access = aws.s3.BucketPublicAccessBlock(
            name,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        aws.s3.BucketPolicy(
            name,
            bucket=bucket.bucket,
            policy=document([_tls_only(bucket.arn)]),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[access]),
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            name,
            bucket=bucket.bucket,
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
            opts=child,
        )
        versioning = aws.s3.BucketVersioning(
            name,
            bucket=bucket.bucket,
            versioning_configuration={"status": "Enabled"},
            opts=child,
        )
        aws.s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket.bucket,
            rules=[_forget(args.get("noncurrent_days", NONCURRENT_DAYS))],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
        )
        self.register_outputs({"name": self.name, "arn": self.arn})

    def allow(self, actions: Iterable[str], prefix: str) -> Statement:
        """The permission for S3 `actions` on the objects whose key starts with `prefix`."""
        return allow("s3", actions, pulumi.Output.concat(self.arn, "/", prefix, "*"))


def _forget(days: int) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id="forget-replaced-versions",
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        noncurrent_version_expiration=(
            aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=days
            )
        ),
    )


def _tls_only(bucket_arn: pulumi.Input[str]) -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
