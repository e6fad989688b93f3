"""The key that the outside services sign their callbacks with, kept in Secrets Manager."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random

_NAME = "callback-secret"
_LENGTH = 64
"""Letters and digits, 381 bits: more than an HMAC with SHA-256 can use (RFC 2104, section 3)."""


def callback_secret(
    given: pulumi.Output[str] | None, parent: pulumi.Resource
) -> pulumi.Output[str]:
    """Keeps the key that was given, or one made here; gives the ARN of the secret.

    A key made here stays the same as long as the stack's state holds it.
    """
    opts = pulumi.ResourceOptions(parent=parent)
    secret = aws.secretsmanager.Secret(
        _NAME, description="Signs the callbacks of the payment and shipping services", opts=opts
    )
    aws.secretsmanager.SecretVersion(
        _NAME,
        secret_id=secret.id,
        secret_string=_made(opts) if given is None else given,
        opts=opts,
    )
    return secret.arn


def _made(opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    return random.RandomPassword(_NAME, length=_LENGTH, special=False, opts=opts).result
