"""The secret that callbacks are signed with, kept for a few minutes so that it can be rotated."""

from functools import cache

from aws_lambda_powertools.utilities.parameters import GetParameterError, SecretsProvider

from handlers.shared.adapters.clients import client

_SECONDS = 300


def callback_secret(arn: str) -> bytes:
    """Read the secret's text as bytes.

    Raises:
        Exception: whatever the client of Secrets Manager raised, not Powertools' one name for all.
    """
    try:
        secret = _provider().get(arn, max_age=_SECONDS)
    except GetParameterError as error:
        raise error.__context__ or error from None
    return secret if isinstance(secret, bytes) else str(secret).encode()


@cache
def _provider() -> SecretsProvider:
    return SecretsProvider(boto3_client=client("secretsmanager"))
