"""What can be seen from outside: events on the bus and messages on the topics.

The observers use only what any account offers: a rule with a queue behind it, and a queue
subscribed to each topic. They belong to the run, not to the stack.
"""

import json
from collections.abc import Iterator
from typing import Any

from local.cloud import Cloud

_OPEN = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
        ],
    }
)


class Observers:
    """Queues beside the stack that keep everything its bus and its topics tell."""

    def __init__(self, cloud: Cloud, bus: str, topics: dict[str, str]) -> None:
        self._sqs = cloud.client("sqs")
        self._events = self._watch_bus(cloud, bus)
        self._messages = {
            name: self._watch_topic(cloud, arn) for name, arn in sorted(topics.items())
        }

    def _queue(self, name: str) -> tuple[str, str]:
        url = self._sqs.create_queue(QueueName=name, Attributes={"Policy": _OPEN})["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, attributes["Attributes"]["QueueArn"]

    def _watch_bus(self, cloud: Cloud, bus: str) -> str:
        url, arn = self._queue("observed-events")
        events = cloud.client("events")
        everything = json.dumps({"source": [{"prefix": ""}]})
        events.put_rule(Name="observer", EventBusName=bus, EventPattern=everything)
        target = {"Id": "observer", "Arn": arn}
        events.put_targets(Rule="observer", EventBusName=bus, Targets=[target])
        return url

    def _watch_topic(self, cloud: Cloud, topic_arn: str) -> str:
        url, arn = self._queue(f"observed-{topic_arn.rpartition(':')[2]}")
        cloud.client("sns").subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn)
        return url

    def drain(self) -> None:
        """Forget everything seen so far."""
        list(self._receive(self._events))
        for url in self._messages.values():
            list(self._receive(url))

    def events(self, order_id: str) -> list[dict[str, Any]]:
        """The events about one order, `{detail-type, detail}` each, in the order received."""
        return [
            {"detail-type": event["detail-type"], "detail": event["detail"]}
            for event in map(json.loads, self._receive(self._events))
            if event["detail"].get("orderId") == order_id
        ]

    def messages(self, order_id: str) -> list[dict[str, Any]]:
        """The messages about one order, `{topic, message}` each."""
        return [
            {"topic": topic, "message": message}
            for topic, url in self._messages.items()
            for message in (json.loads(body)["Message"] for body in self._receive(url))
            if order_id in message
        ]

    def _receive(self, url: str) -> Iterator[str]:
        while batch := self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages", []
        ):
            for message in batch:
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                yield message["Body"]
