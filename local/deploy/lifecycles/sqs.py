"""SQS queues and their policies."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, again, answers, call
from local.deploy.providers.sqs import KINDS

# SQS's own, where an attribute is not given any more (API Reference, SetQueueAttributes).
_DEFAULTS = {
    "DelaySeconds": "0",
    "MaximumMessageSize": "262144",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "VisibilityTimeout": "30",
}
_ON_QUEUE = {
    "aws:sqs/queuePolicy:QueuePolicy": "Policy",
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "RedriveAllowPolicy",
    "aws:sqs/redrivePolicy:RedrivePolicy": "RedrivePolicy",
}


def _queue(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    new = order.params.get("Attributes", {})
    gone = existing.order.params.get("Attributes", {}).keys() - new.keys()
    _set(existing, {name: _DEFAULTS.get(name, "") for name in gone} | new)
    return {}


def _set(existing: Existing, attributes: dict[str, str]) -> None:
    existing.client("sqs").set_queue_attributes(QueueUrl=existing.id, Attributes=attributes)


def _on_queue(type_: str, attribute: str) -> Lifecycle:
    """An attribute that a resource of its own sets on a queue, and empties at the end."""

    def value(existing: Existing) -> Any:
        client = existing.client("sqs")
        answer = client.get_queue_attributes(QueueUrl=existing.id, AttributeNames=[attribute])
        return answer.get("Attributes", {}).get(attribute)

    return Lifecycle(
        answers(value),
        lambda existing: _set(existing, {attribute: ""}),
        again(KINDS[type_]),
        frozenset({"queueUrl"}),
    )


LIFECYCLES: Lifecycles = {
    "aws:sqs/queue:Queue": Lifecycle(
        answers(call("sqs", "get_queue_attributes", by="QueueUrl")),
        call("sqs", "delete_queue", by="QueueUrl"),
        _queue,
        frozenset({"fifoQueue"}),
    ),
    **{type_: _on_queue(type_, attribute) for type_, attribute in _ON_QUEUE.items()},
}
