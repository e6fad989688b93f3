"""Task states as plain dicts, with the defaults that a task in production wants.

Fields of the Amazon States Language are given as keywords in their own spelling and pass through
unchanged; one that is given replaces the default of that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from asl.retries import merged, transient_errors
from asl.transactions import Transaction, TransactionAction, TransactOperation, verify_declaration

State = dict[str, Any]

INVOKE_TIMEOUT_SECONDS: Final = 60
CALL_TIMEOUT_SECONDS: Final = 30
_RESOURCE: Final = "arn:aws:states:::"
_BACKOFF: Final[Mapping[str, Any]] = {
    "IntervalSeconds": 1,
    "MaxAttempts": 10,
    "BackoffRate": 2,
    "MaxDelaySeconds": 60,
    "JitterStrategy": "FULL",
}


def retry(errors: Iterable[str], **fields: Any) -> dict[str, Any]:
    """One Retry rule: ten attempts more, 1 s apart, doubling up to a minute, with full jitter.

    What passes by itself is so waited out for minutes; whoever retries draws each pause anew.

    Args:
        errors: error names, or `["States.ALL"]`.
        fields: what differs, such as `MaxAttempts=2`.
    """
    return {"ErrorEquals": list(errors), **_BACKOFF, **fields}


def catch(errors: Iterable[str], Next: str, **fields: Any) -> dict[str, Any]:  # noqa: N803
    """One Catch rule.

    Args:
        errors: error names, or `["States.ALL"]`.
        Next: the state that goes on.
        fields: `Output`, `Assign`, or `ResultPath` in a JSONPath machine.
    """
    return {"ErrorEquals": list(errors), **fields, "Next": Next}


def call(integration: str, arguments: Any, *, retry_on: Iterable[str] = (), **fields: Any) -> State:
    """A Task on an AWS service integration: 30 s, its service's transient errors retried.

    Args:
        integration: such as `dynamodb:putItem` or `sqs:sendMessage.waitForTaskToken`.
        arguments: the request, which may hold JSONata.
        retry_on: error names retried besides the transient ones.
        fields: further fields of the state; `Retry` replaces all default retries.
    """
    return _task(integration, arguments, CALL_TIMEOUT_SECONDS, retry_on, fields)


def invoke(function: str, payload: Any, *, retry_on: Iterable[str] = (), **fields: Any) -> State:
    """A Task that calls a Lambda function: 60 s, Lambda's own errors retried, output its answer.

    Args:
        function: the function's ARN, or that of a version or alias.
        payload: the event that the handler gets.
        retry_on: exception class names of the handler that are retried too.
        fields: further fields of the state; `Retry` replaces all default retries.
    """
    arguments = {"FunctionName": function, "Payload": payload}
    defaults = {"Output": "{% $states.result.Payload %}"}
    return _task(
        "lambda:invoke", arguments, INVOKE_TIMEOUT_SECONDS, retry_on, {**defaults, **fields}
    )


def transact(
    operation: TransactOperation,
    arguments: Any,
    declares: Mapping[str, Iterable[TransactionAction]],
    *,
    retry_on: Iterable[str] = (),
    **fields: Any,
) -> State:
    """A Task on a DynamoDB transaction, whose request may be built at run time.

    Args:
        operation: which transaction.
        arguments: the request, which may hold JSONata.
        declares: by table name or ARN, the IAM actions that the request needs there. Permissions
            are derived from it; they are lost if the state is copied into another dict.
        retry_on: error names retried besides the transient ones.
        fields: further fields of the state; `Retry` replaces all default retries.

    Raises:
        ValueError: if the request names a table or an action that is not declared, or a table
            is declared that the request nowhere names.
    """
    declared = {table: tuple(actions) for table, actions in declares.items()}
    verify_declaration(operation, arguments, declared)
    integration = f"aws-sdk:dynamodb:{operation}"
    state = _task(integration, arguments, CALL_TIMEOUT_SECONDS, retry_on, fields)
    return Transaction(state, declared)


def _task(
    integration: str,
    arguments: Any,
    timeout: int,
    retry_on: Iterable[str],
    fields: Mapping[str, Any],
) -> State:
    errors = merged(transient_errors(integration), retry_on)
    return {
        "Type": "Task",
        "Resource": _RESOURCE + integration,
        "Arguments": arguments,
        "TimeoutSeconds": timeout,
        **({"Retry": [retry(errors)]} if errors else {}),
        **fields,
    }
