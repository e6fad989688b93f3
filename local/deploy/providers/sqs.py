"""SQS queues and their policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.deploy.backend import Created
from local.deploy.fields import Fields, Params, text
from local.deploy.kinds import Kind, Kinds, Order


def _if_true(name: str) -> Callable[[Any], Params]:
    """An attribute that SQS knows of FIFO queues only; the AWS provider leaves a false one out."""
    return lambda value: text(name)(value) if value else {}


_QUEUE: Fields = {
    "contentBasedDeduplication": _if_true("ContentBasedDeduplication"),
    "deduplicationScope": text("DeduplicationScope"),
    "delaySeconds": text("DelaySeconds"),
    "fifoQueue": _if_true("FifoQueue"),
    "fifoThroughputLimit": text("FifoThroughputLimit"),
    "kmsDataKeyReusePeriodSeconds": text("KmsDataKeyReusePeriodSeconds"),
    "kmsMasterKeyId": text("KmsMasterKeyId"),
    "maxMessageSize": text("MaximumMessageSize"),
    "messageRetentionSeconds": text("MessageRetentionPeriod"),
    "policy": text("Policy"),
    "receiveWaitTimeSeconds": text("ReceiveMessageWaitTimeSeconds"),
    "redriveAllowPolicy": text("RedriveAllowPolicy"),
    "redrivePolicy": text("RedrivePolicy"),
    "sqsManagedSseEnabled": text("SqsManagedSseEnabled"),
    "visibilityTimeoutSeconds": text("VisibilityTimeout"),
    "tags": "tags",
}
_URL: Fields = {"queueUrl": "QueueUrl"}


def _queue(order: Order) -> Created:
    client = order.cloud.client("sqs")
    url = client.create_queue(**order.params)["QueueUrl"]
    return Created(url, {"url": url, "arn": order.arn("sqs", order.name)})


def _attribute(order: Order) -> Created:
    order.cloud.client("sqs").set_queue_attributes(**order.params)
    return Created(order.params["QueueUrl"])


KINDS: Kinds = {
    "aws:sqs/queue:Queue": Kind(_queue, _QUEUE, "QueueName"),
    "aws:sqs/queuePolicy:QueuePolicy": Kind(_attribute, {**_URL, "policy": text("Policy")}),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": Kind(
        _attribute, {**_URL, "redriveAllowPolicy": text("RedriveAllowPolicy")}
    ),
    "aws:sqs/redrivePolicy:RedrivePolicy": Kind(
        _attribute, {**_URL, "redrivePolicy": text("RedrivePolicy")}
    ),
}
