"""Which errors of which AWS service pass by themselves, so that a task retries them unasked.

Error names are `<service>.<exception>`. An optimized integration writes the service its own way
(`DynamoDB`), an SDK integration as the Java SDK's client is called (`DynamoDb`). Where the API's
error code and the SDK's class differ (`InternalServerError`, `InternalServerErrorException`) both
are listed: Step Functions documents no rule, and a name that never comes costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

_DYNAMODB: Final = (
    "InternalServerError",
    "InternalServerErrorException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestLimitExceededException",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
    "SdkClientException",
)
_EVENTS: Final = ("InternalException", "ThrottlingException", "FailedEntry", "SdkClientException")
_LAMBDA: Final = (
    "ServiceException",
    "AWSLambdaException",
    "SdkClientException",
    "ClientExecutionTimeoutException",
    "TooManyRequestsException",
)
_S3: Final = ("SdkClientException", "S3Exception")
_SES: Final = ("TooManyRequestsException", "SdkClientException")
_SNS: Final = (
    "InternalErrorException",
    "KMSThrottlingException",
    "ThrottledException",
    "SdkClientException",
)
_SQS: Final = (
    "KmsThrottled",
    "KmsThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "SdkClientException",
)
_STATES: Final = (
    "ExecutionLimitExceeded",
    "ExecutionLimitExceededException",
    "KmsThrottlingException",
    "ThrottlingException",
    "SdkClientException",
)

_TRANSIENT: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "dynamodb": ("DynamoDB", _DYNAMODB),
    "events": ("EventBridge", _EVENTS),
    "lambda": ("Lambda", _LAMBDA),
    "sns": ("SNS", _SNS),
    "sqs": ("SQS", _SQS),
    "states": ("StepFunctions", _STATES),
    "aws-sdk:dynamodb": ("DynamoDb", _DYNAMODB),
    "aws-sdk:eventbridge": ("EventBridge", _EVENTS),
    "aws-sdk:lambda": ("Lambda", _LAMBDA),
    "aws-sdk:s3": ("S3", _S3),
    "aws-sdk:sesv2": ("SesV2", _SES),
    "aws-sdk:sfn": ("Sfn", _STATES),
    "aws-sdk:sns": ("Sns", _SNS),
    "aws-sdk:sqs": ("Sqs", _SQS),
}


def transient_errors(integration: str) -> list[str]:
    """The error names worth a retry, in a fixed order; empty for a service not in the table.

    Args:
        integration: as in a resource ARN, such as `dynamodb:putItem` or `aws-sdk:sqs:sendMessage`.
    """
    prefix, names = _TRANSIENT.get(_service(integration), ("", ()))
    return [f"{prefix}.{name}" for name in names]


def error_prefix(integration: str) -> str:
    """What the integration writes before its service's errors; empty for one not in the table."""
    return _TRANSIENT.get(_service(integration), ("", ()))[0]


def _service(integration: str) -> str:
    return integration.partition(".")[0].rpartition(":")[0]  # without .sync:2


def merged(errors: Iterable[str], further: Iterable[str]) -> list[str]:
    """Both lists in order, each name once."""
    return list(dict.fromkeys([*errors, *further]))
