"""Errors of AWS's services that pass by themselves, under one name that every task retries.

Timeouts, lost connections, throttling and a service's own failures all leave a function as
ServiceUnavailable; AWS, "Error handling with DynamoDB", "Common error types" and "SendMessage" of
SQS name the codes.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as LostConnection

from handlers.shared.rules.errors import ServiceUnavailable, TableContended

_NAMED = (ServiceUnavailable, TableContended)
_CODES = {
    "InternalServerError",
    "KmsThrottled",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "ThrottledException",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
}


def passes(error: Exception) -> bool:
    """Whether an error passes by itself, so that the same call is worth making again."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 or error.response["Error"]["Code"] in _CODES
    return isinstance(error, (*_NAMED, HTTPClientError, LostConnection))


@contextmanager
def named() -> Iterator[None]:
    """Raises what passes by itself under a name of ours.

    Raises:
        ServiceUnavailable: an AWS service did not answer, or is overloaded.
    """
    try:
        yield
    except _NAMED:
        raise
    except Exception as error:
        if not passes(error):
            raise
        raise ServiceUnavailable(f"an AWS service failed: {type(error).__name__}") from error
