"""Errors that pass by themselves leave every function under names that every task retries."""

from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore import exceptions as aws

from handlers.orders.rules import errors
from handlers.payments.rules.errors import PaymentGatewayUnavailable
from handlers.shared.adapters import transient
from handlers.shared.observability import entry_point
from handlers.shared.rules.errors import ServiceUnavailable, TableContended
from workflows.shared.retries import FUNCTION


def answered(code: str, status: int = 400) -> aws.ClientError:
    """A service's own answer."""
    answer = {
        "Error": {"Code": code, "Message": "ada@example.com"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return aws.ClientError(answer, "UpdateItem")


PASSING: dict[str, Exception] = {
    "read timeout": aws.ReadTimeoutError(endpoint_url="x"),
    "connect timeout": aws.ConnectTimeoutError(endpoint_url="x"),
    "no connection": aws.EndpointConnectionError(endpoint_url="x"),
    "lost connection": aws.ConnectionClosedError(endpoint_url="x"),
    "half an answer": aws.ResponseStreamingError(error="x"),
    "a failure": answered("InternalFailure", 500),
    "unavailable": answered("Whatever", 503),
    **{
        code: answered(code)
        for code in (
            "ThrottlingException",
            "Throttling",
            "ThrottledException",
            "TooManyRequestsException",
            "ProvisionedThroughputExceededException",
            "RequestLimitExceeded",
            "RequestThrottled",
            "SlowDown",
            "TransactionInProgressException",
            "InternalServerError",
            "KmsThrottled",
        )
    },
}
STAYING: dict[str, Exception] = {
    **{
        code: answered(code)
        for code in (
            "ConditionalCheckFailedException",
            "TransactionCanceledException",
            "ValidationException",
            "AccessDeniedException",
            "ResourceNotFoundException",
        )
    },
    "no credentials": aws.NoCredentialsError(),
    "a wrong call": aws.ParamValidationError(report="x"),
    "a refusal": errors.OutOfStock("not enough stock of lamp"),
    "a bug": KeyError("State"),
}


def raising(error: Exception) -> Any:
    """A function of ours that fails."""

    def fail(event: Any, context: LambdaContext) -> None:
        raise error

    return entry_point(fail)


@pytest.mark.parametrize("error", PASSING.values(), ids=PASSING)
def test_what_passes_leaves_a_function_as_an_unavailable_service(
    error: Exception, context: LambdaContext
) -> None:
    assert transient.passes(error)
    with pytest.raises(ServiceUnavailable, match=f"failed: {type(error).__name__}$"):
        raising(error)({}, context)


@pytest.mark.parametrize("error", STAYING.values(), ids=STAYING)
def test_what_does_not_pass_keeps_its_name(error: Exception, context: LambdaContext) -> None:
    assert not transient.passes(error)
    with pytest.raises(type(error)) as raised:
        raising(error)({}, context)
    assert raised.value is error


@pytest.mark.parametrize(
    "error",
    [
        ServiceUnavailable("x"),
        TableContended("x"),
        PaymentGatewayUnavailable("x"),
    ],
)
def test_what_has_a_name_of_ours_keeps_it_and_is_retried(
    error: Exception, context: LambdaContext
) -> None:
    assert transient.passes(error)
    assert type(error).__name__ in FUNCTION
    with pytest.raises(type(error)) as raised:
        raising(error)({}, context)
    assert raised.value is error


def test_a_function_names_the_errors_of_every_invocation(context: LambdaContext) -> None:
    handler = raising(answered("ThrottlingException"))
    for _ in range(2):
        with pytest.raises(ServiceUnavailable):
            handler({}, context)
