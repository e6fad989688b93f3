"""What SQS checks of queues and FIFO messages, in AWS's words."""

import json
import re
import string
from typing import Any

from ministack.services import sqs

_NAME = re.compile(r"[A-Za-z0-9_-]{1,75}\.fifo|[A-Za-z0-9_-]{1,80}")
_ID = re.compile(
    f"[{re.escape(string.ascii_letters + string.digits + string.punctuation)}]{{1,128}}"
)
_FIFO_ONLY = ("FifoQueue", "ContentBasedDeduplication", "DeduplicationScope")


def check_creation(request: dict[str, Any]) -> None:
    """Refuse a queue whose name, kind and attributes do not go together.

    Raises:
        ministack.services.sqs._Err: they do not; the sentence says which.
    """
    name, attributes = request.get("QueueName", ""), request.get("Attributes") or {}
    if not _NAME.fullmatch(name) or (name.endswith(".fifo") and "FifoQueue" not in attributes):
        raise _invalid(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
        )
    for attribute in _FIFO_ONLY:
        if attribute in attributes and attributes.get("FifoQueue") != "true":
            raise sqs._Err("InvalidAttributeName", f"Unknown Attribute {attribute}.")
    check_redrive(attributes, is_fifo="FifoQueue" in attributes)


def check_redrive(attributes: dict[str, Any], *, is_fifo: bool) -> None:
    """Refuse a dead-letter queue that does not exist or is of the other kind.

    Raises:
        ministack.services.sqs._Err: it is such a queue, or the policy is malformed.
    """
    text = attributes.get("RedrivePolicy")
    if not text:
        return
    sqs._validate_redrive_policy(str(text))
    dead = sqs._queue_by_arn(json.loads(text)["deadLetterTargetArn"])
    if dead["is_fifo"] != is_fifo:
        raise _invalid(
            f"Value {text} for parameter RedrivePolicy is invalid. "
            "Reason: Dead-letter queue must be same type of queue as the source."
        )


def check_message(request: dict[str, Any]) -> None:
    """Refuse a group or deduplication id that SQS does not take.

    Raises:
        ministack.services.sqs._Err: it is too long, or has a blank or a letter beyond ASCII.
    """
    for parameter in ("MessageGroupId", "MessageDeduplicationId"):
        value = request.get(parameter)
        if value and not _ID.fullmatch(value):
            raise _invalid(
                f"Value {value} for parameter {parameter} is invalid. Reason: {parameter} can only "
                "include alphanumeric and punctuation characters. 1 to 128 in length."
            )


def _invalid(message: str) -> Exception:
    refusal: Exception = sqs._Err("InvalidParameterValue", message)
    return refusal
