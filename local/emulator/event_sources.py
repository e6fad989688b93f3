"""What Lambda checks of an event source, and how it reads the answer to a batch."""

from collections.abc import Iterator
from typing import Any

from ministack.services import lambda_svc, sqs

from local.emulator.iam import role_allows

_GRANTS = {
    "sqs": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    "dynamodb": (
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
    ),
}
"""What the function's role needs: AWS's "Lambda execution role" of each event source."""

_DESTINATION_GRANTS = {"sqs": "sqs:SendMessage", "sns": "sns:Publish"}

_DEFAULT_VISIBILITY_SECONDS = 30
_DEFAULT_TIMEOUT_SECONDS = 3
_DEFAULT_STREAM_BATCH = 100


def with_defaults(request: dict[str, Any]) -> dict[str, Any]:
    """The request with AWS's default for the size of a stream's batches."""
    if _service(request.get("EventSourceArn", "")) != "dynamodb":
        return request
    return {"BatchSize": _DEFAULT_STREAM_BATCH, **request}


def refusal(request: dict[str, Any]) -> str | None:
    """Why an event source mapping may not be created, in AWS's words; None if it may."""
    name, qualifier, error = lambda_svc._resolve_existing_esm_function(request["FunctionName"])
    if error:
        return None  # ministack says what is wrong with the function's name
    _, config = lambda_svc._get_func_record_for_qualifier(name, qualifier)
    source = request.get("EventSourceArn", "")
    service = _service(source)
    for action, resource in _needed(request, source):
        if not role_allows(config["Role"], action, resource):
            return (
                "The function execution role does not have permissions to call "
                f"{action.split(':')[1]} on {action.split(':')[0].upper()}"
            )
    return _queue_refusal(source, config) if service == "sqs" else None


def _needed(request: dict[str, Any], source: str) -> Iterator[tuple[str, str]]:
    """The actions that the function's role needs, each with the resource to call it on."""
    service = _service(source)
    yield from ((action, source) for action in _GRANTS.get(service, ()))
    if service == "dynamodb":
        yield "dynamodb:ListStreams", "*"
    config = request.get("DestinationConfig") or {}
    destination = (config.get("OnFailure") or {}).get("Destination", "")
    if action := _DESTINATION_GRANTS.get(_service(destination)):
        yield action, destination


def _service(arn: str) -> str:
    return arn.split(":")[2] if arn.count(":") > 4 else ""


def _queue_refusal(arn: str, config: dict[str, Any]) -> str | None:
    queue = sqs._queue_by_arn(arn)
    if queue is None:
        return (
            "Error occurred while ReceiveMessage. SQS Error Code: "
            "AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does "
            "not exist."
        )
    visibility = int(queue["attributes"].get("VisibilityTimeout", _DEFAULT_VISIBILITY_SECONDS))
    timeout = config.get("Timeout", _DEFAULT_TIMEOUT_SECONDS)
    if visibility < timeout:
        return (
            f"Queue visibility timeout: {visibility} seconds is less than "
            f"Function timeout: {timeout} seconds"
        )
    return None


def judged(result: dict[str, Any], event: Any) -> dict[str, Any]:
    """A function's result, an error if Lambda would take it for a failure of the whole batch.

    Failed messages are listed as `{"batchItemFailures": [{"itemIdentifier": id}]}`; nothing, or
    no list, is success: AWS's "Implementing partial batch responses".
    """
    body = result.get("body")
    if body is None or body == {}:
        return {**result, "body": {}}
    known = {record["messageId"] for record in event["Records"]}
    if isinstance(body, dict) and _names_only(body.get("batchItemFailures") or [], known):
        return {**result, "body": {"batchItemFailures": body.get("batchItemFailures") or []}}
    message = "The answer to a batch names what is no message of it."
    return {**result, "error": True, "body": {"errorType": "BatchAnswer", "errorMessage": message}}


def _names_only(failures: Any, known: set[str]) -> bool:
    return isinstance(failures, list) and all(
        isinstance(failure, dict) and failure.get("itemIdentifier") in known for failure in failures
    )
