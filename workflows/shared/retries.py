"""Errors that a task is retried for: those that pass by themselves, and calls without an answer.

A call without an answer may have taken effect, and may take it while the next one runs. Every
task of these machines finds its own earlier effect, so another call is safe: a payment by the
gateway's idempotency key, a void or a release by the order's id, a write by its condition. One
kind is not called again: a wait for an outside service. That the service did not call back is an
answer; only an invocation that failed is made again.

AWS, "Handling errors in Step Functions workflows" and "Handle error conditions in a Step
Functions state machine" (Lambda service exceptions) name the errors.
"""

from typing import Any, Final

from asl import catch, retry, transient_errors
from workflows.shared.expressions import jsonata

TIMEOUT: Final = ["States.Timeout"]
"""A task that did not answer."""

INVOCATION: Final = [
    "Sandbox.Timedout",
    "Lambda.Unknown",
    "Runtime.ExitError",
    "ServiceUnavailable",
    "TableContended",
    "PaymentGatewayUnavailable",
]
"""A function that was cut off or crashed, and the names by which functions raise what passes."""

FUNCTION: Final = [*TIMEOUT, *INVOCATION]
"""A task on a function."""

CANCELED: Final = "DynamoDb.TransactionCanceledException"
"""A transaction that a condition or another transaction kept from happening."""


ROUNDS: Final = 6
"""How often a record is made again that another writer kept from happening."""

_REFUSED = (
    "$exists($states.errorOutput.Cause)"
    " ? $contains($states.errorOutput.Cause, 'ConditionalCheckFailed') : false"
)


def canceled_record(judge: str, **assign: Any) -> dict[str, Any]:
    """The Catch of a record whose transaction was cancelled; it leaves `$refused` and `$rounds`.

    DynamoDB's sentence lists a reason for each action (API Reference, "TransactWriteItems"): only
    a condition that failed is a refusal; a conflict or throttling passes.

    Args:
        judge: the Choice that follows, made by `judge_canceled`.
        assign: what else is assigned.
    """
    counted = {"refused": jsonata(_REFUSED), "rounds": jsonata("$rounds + 1")}
    return catch([CANCELED], judge, Assign={**counted, **assign})


def judge_canceled(record: str, refused: str) -> dict[str, Any]:
    """The Choice after a cancelled record: make it again, or go on where it was refused.

    Args:
        record: the record's state.
        refused: the state for a record that was refused, or was in others' way for too long.
    """
    over = jsonata(f"$refused or $rounds >= {ROUNDS}")
    return {
        "Type": "Choice",
        "Choices": [{"Condition": over, "Next": refused}],
        "Default": record,
    }


def transaction_retries(operation: str) -> list[dict[str, Any]]:
    """The Retry of a transaction: what passes for minutes, another transaction for seconds.

    A condition that failed has the same name as a conflict, so neither is waited out for long.

    Args:
        operation: transactWriteItems or transactGetItems.
    """
    passing = transient_errors(f"aws-sdk:dynamodb:{operation}")
    return [
        retry([*passing, *TIMEOUT]),
        retry([CANCELED], MaxAttempts=4, MaxDelaySeconds=8),
    ]
