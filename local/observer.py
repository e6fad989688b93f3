"""What can be seen from outside: events on the bus and messages on the topics.

The observer uses only what any account offers: a queue behind a rule of the bus, subscribed to
each topic. It belongs to the run, not to the stack.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from local.cloud import Cloud
from local.queues import take

_OPEN = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
        ],
    }
)


_SHOWN = ("detail-type", "detail", "id", "time")


class Seen(NamedTuple):
    """What was published about one order; events in the order in which they came about.

    Attributes:
        events: those on the bus, `{detail-type, detail, id, time}` each.
        messages: those on the topics, `{topic, message}` each.
    """

    events: list[dict[str, Any]]
    messages: list[dict[str, Any]]


class Observer:
    """A queue beside the stack that keeps everything its bus and its topics tell."""

    def __init__(self, cloud: Cloud, bus: str, topics: Mapping[str, str]) -> None:
        self._sqs = cloud.client("sqs")
        self._topics = {arn: name for name, arn in topics.items()}
        made = self._sqs.create_queue(QueueName="observed", Attributes={"Policy": _OPEN})
        self._url = str(made["QueueUrl"])
        asked = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        self._watch(cloud, bus, asked["Attributes"]["QueueArn"])

    def _watch(self, cloud: Cloud, bus: str, queue: str) -> None:
        events = cloud.client("events")
        everything = json.dumps({"source": [{"prefix": ""}]})
        events.put_rule(Name="observer", EventBusName=bus, EventPattern=everything)
        target = {"Id": "observer", "Arn": queue}
        events.put_targets(Rule="observer", EventBusName=bus, Targets=[target])
        for topic in self._topics:
            cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)

    def forget(self) -> None:
        """Forget everything seen so far."""
        self._sqs.purge_queue(QueueUrl=self._url)

    def seen(self, order_id: str) -> Seen:
        """What was told about one order; what was told about others is forgotten with it."""
        seen = Seen([], [])
        for told in map(json.loads, take(self._sqs, self._url)):
            if "TopicArn" not in told:
                if told["detail"].get("orderId") == order_id:
                    seen.events.append({name: told[name] for name in _SHOWN})
            elif order_id in told["Message"]:
                topic = self._topics[told["TopicArn"]]
                seen.messages.append({"topic": topic, "message": told["Message"]})
        seen.events.sort(key=lambda event: event["detail"].get("occurredAt", ""))
        seen.messages.sort(key=lambda message: message["topic"])
        return seen
