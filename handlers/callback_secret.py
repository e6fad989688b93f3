"""The secret that callbacks are signed with, kept for a few minutes so that it can be rotated."""

from functools import cache

from aws_lambda_powertools.utilities.parameters import SecretsProvider

from handlers.adapters.aws import client
from handlers.settings import SecretSettings, parse

_SECONDS = 300


def callback_secret() -> bytes:
    """The secret's text as bytes."""
    arn = parse(SecretSettings).callback_secret_arn
    secret = _provider().get(arn, max_age=_SECONDS)
    return secret if isinstance(secret, bytes) else str(secret).encode()


@cache
def _provider() -> SecretsProvider:
    return SecretsProvider(boto3_client=client("secretsmanager"))
