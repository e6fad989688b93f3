"""Messages that nobody could handle: in dead-letter queues, and events that were not published."""

import json
from collections.abc import Mapping
from typing import Any

from local.queues import take
from local.stack import Stack

_QUEUE = "aws:sqs/queue:Queue"
_EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
_UNPUBLISHED = "unpublishedOutcomes"


def queues(stack: Stack) -> Mapping[str, str]:
    """The URLs of those queues, by the name that the program gives them."""
    registered = stack.deployment.registrations
    made = [each for each in registered if each.type == _QUEUE]
    policies = [each.inputs["redrivePolicy"] for each in made if "redrivePolicy" in each.inputs]
    rules = [each.inputs["deadLetterConfig"] for each in registered if each.type == _EVENT_TARGET]
    targets = {json.loads(policy)["deadLetterTargetArn"] for policy in policies}
    targets |= {config["arn"] for config in rules}
    unpublished = stack.outputs.get("queues", {}).get(_UNPUBLISHED)
    return {
        each.name: str(each.outputs["url"])
        for each in made
        if each.outputs["arn"] in targets or each.outputs["url"] == unpublished
    }


def take_all(stack: Stack) -> dict[str, list[Any]]:
    """The messages by queue, which holds none of them afterwards."""
    found = queues(stack)
    busy = set(stack.cloud.busy(list(found.values())))
    sqs = stack.cloud.client("sqs")
    return {
        name: [_document(body) for body in take(sqs, url)] if url in busy else []
        for name, url in found.items()
    }


def _document(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
