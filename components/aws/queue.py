"""An SQS queue with its dead-letter queue."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.alarms import alarm_above
from components.aws.grants import Statement, allow, document
from components.aws.topic import Topic

RETENTION_SECONDS = 4 * 24 * 3600
DEAD_LETTER_RETENTION_SECONDS = 14 * 24 * 3600
RECEIVES = 5


class QueueArgs(TypedDict):
    """Who may send to the queue, and how long a receiver has.

    `visibility_timeout` is in seconds: at least 6 times its function's timeout (Lambda Developer
    Guide, "Using Lambda with Amazon SQS"). `rules` are the ARNs of the EventBridge rules that
    deliver to it. `alarms` is alerted when a message reaches the dead-letter queue. `fifo` keeps
    the order of the messages of a group and takes each deduplication id once in five minutes.
    """

    visibility_timeout: NotRequired[int]
    rules: NotRequired[Sequence[pulumi.Input[str]]]
    alarms: NotRequired[Topic]
    fifo: NotRequired[bool]


_FIFO = {
    "fifo_queue": True,
    "deduplication_scope": "messageGroup",
    "fifo_throughput_limit": "perMessageGroupId",
}
"""A FIFO queue whose groups do not slow one another (Amazon SQS, "High throughput")."""


class DeadLettersArgs(TypedDict):
    """`rules` are the ARNs of the EventBridge rules that deliver to it; `alarms` hears of each."""

    rules: NotRequired[Sequence[pulumi.Input[str]]]
    alarms: Topic


class DeadLetters(pulumi.ComponentResource):
    """A queue of what could not be delivered or handled, with an alarm when something is in it."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    url: pulumi.Output[str]

    def __init__(
        self, name: str, args: DeadLettersArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aws-blocks:index:DeadLetters", name, None, opts)
        retention = DEAD_LETTER_RETENTION_SECONDS
        queue = _queue(name, args.get("rules", ()), self, retention=retention)
        _alarm(name, queue, args["alarms"], self)
        self.name = queue.name
        self.arn = queue.arn
        self.url = queue.url
        self.register_outputs({"name": self.name, "arn": self.arn, "url": self.url})

    def allow_send(self) -> Statement:
        """The permission to send a message."""
        return allow("sqs", ["SendMessage"], self.arn)


class Queue(pulumi.ComponentResource):
    """An encrypted queue whose messages go to a dead-letter queue after 5 receives."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    url: pulumi.Output[str]
    dead_letter_arn: pulumi.Output[str]
    dead_letter_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: QueueArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aws-blocks:index:Queue", name, None, opts)
        rules = args.get("rules", ())
        kind = _FIFO if args.get("fifo") else {}
        dead = _queue(
            f"{name}-dead-letters", rules, self, retention=DEAD_LETTER_RETENTION_SECONDS, **kind
        )
        queue = _queue(
            name,
            rules,
            self,
            retention=RETENTION_SECONDS,
            visibility_timeout_seconds=args.get("visibility_timeout", 30),
            redrive_policy=pulumi.Output.json_dumps(
                {"deadLetterTargetArn": dead.arn, "maxReceiveCount": RECEIVES}, sort_keys=True
            ),
            **kind,
        )
        if "alarms" in args:
            _alarm(f"{name}-dead-letters", dead, args["alarms"], self)
        self.name = queue.name
        self.arn = queue.arn
        self.url = queue.url
        self.dead_letter_arn = dead.arn
        self.dead_letter_name = dead.name
        self.register_outputs({"name": self.name, "arn": self.arn, "url": self.url})

    def allow_consume(self) -> Statement:
        """The permissions that an event source mapping needs of its function's role."""
        actions = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"]
        return allow("sqs", actions, self.arn)

    def allow_send(self) -> Statement:
        """The permission to send a message."""
        return allow("sqs", ["SendMessage"], self.arn)


def _queue(
    name: str,
    rules: Sequence[pulumi.Input[str]],
    parent: pulumi.Resource,
    *,
    retention: int,
    **settings: Any,
) -> aws.sqs.Queue:
    queue = aws.sqs.Queue(
        name,
        message_retention_seconds=retention,
        sqs_managed_sse_enabled=True,
        opts=pulumi.ResourceOptions(parent=parent),
        **settings,
    )
    aws.sqs.QueuePolicy(
        name,
        queue_url=queue.url,
        policy=document([_tls_only(queue.arn), *(_from(rule, queue.arn) for rule in rules)]),
        opts=pulumi.ResourceOptions(parent=queue),
    )
    return queue


def _alarm(name: str, queue: aws.sqs.Queue, topic: Topic, parent: pulumi.Resource) -> None:
    metric = ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
    alarm_above(name, metric, {"QueueName": queue.name}, topic, parent)


def _tls_only(queue_arn: pulumi.Input[str]) -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": queue_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _from(rule_arn: pulumi.Input[str], queue_arn: pulumi.Input[str]) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    }
