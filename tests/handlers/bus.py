"""The orders' bus, the executions and the log, as tests look at them."""

import json
from dataclasses import dataclass
from typing import Any

import boto3

ROLE = "arn:aws:iam::123456789012:role/orders"
MACHINE = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}


@dataclass(frozen=True)
class Bus:
    """A bus whose events all go to a queue."""

    sqs: Any
    queue: str

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """The type and detail of each event since the last look, in order."""
        answer = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        bodies = [json.loads(message["Body"]) for message in answer.get("Messages", ())]
        for message in answer.get("Messages", ()):
            self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return [(body["detail-type"], body["detail"]) for body in bodies]


def make_bus(name: str) -> Bus:
    """A bus of that name, looked at through a queue of its own."""
    sqs, events = boto3.client("sqs"), boto3.client("events")
    queue = sqs.create_queue(QueueName="published")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    events.create_event_bus(Name=name)
    pattern = json.dumps({"source": ["orders"]})
    events.put_rule(Name="all", EventBusName=name, EventPattern=pattern)
    target = {"Id": "queue", "Arn": arn["QueueArn"]}
    events.put_targets(Rule="all", EventBusName=name, Targets=[target])
    return Bus(sqs, queue)


def start_execution(order: dict[str, Any]) -> str:
    """The ARN of a new execution for an order, which runs until it is stopped."""
    states = boto3.client("stepfunctions")
    machine = states.create_state_machine(
        name="orders", definition=json.dumps(MACHINE), roleArn=ROLE
    )["stateMachineArn"]
    started = states.start_execution(
        stateMachineArn=machine, name=order["orderId"], input=json.dumps(order)
    )
    return str(started["executionArn"])


def stop_execution(arn: str) -> None:
    """Ends an execution as ABORTED."""
    boto3.client("stepfunctions").stop_execution(executionArn=arn, error="Stopped")


def batch(*bodies: Any) -> dict[str, Any]:
    """An SQS batch as Lambda gets it; its messages are called m-0, m-1, ..."""
    return {
        "Records": [
            {
                "messageId": f"m-{place}",
                "eventSource": "aws:sqs",
                "attributes": {"ApproximateReceiveCount": "1"},
                "body": body if isinstance(body, str) else json.dumps(body),
            }
            for place, body in enumerate(bodies)
        ]
    }


def bus_event(detail_type: str, **detail: Any) -> dict[str, Any]:
    """An EventBridge event."""
    return {
        "id": "22222222-2222-4222-8222-222222222222",
        "detail-type": detail_type,
        "time": "2026-01-01T00:00:00Z",
        "detail": detail,
    }


def failures(answer: Any) -> list[str]:
    """The messages that Lambda is to bring again."""
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]
