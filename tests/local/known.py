"""A stack of a few tables and a bus, known by its outputs as `orders review` and others know it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.cloud import Cloud
from local.emulator.settings import REGION, ROOT_KEY
from local.rows import plain, typed
from tests.emulator.bench import Bench, Grant, policy

_KEYS = {"CustomerOrders": ("OrderId",), "ManualReview": ("OrderId", "ReviewId")}
_FORGOTTEN = ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION", "ORDERS_OUTPUTS")


def _schema(*keys: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": name, "KeyType": kind}
        for name, kind in zip(keys, ("HASH", "RANGE"), strict=False)
    ]


@dataclass(frozen=True)
class Known:
    """The stack in a cloud, and the file that has its outputs."""

    cloud: Cloud
    outputs: dict[str, Any]
    file: Path

    def put(self, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
        self.cloud.client("dynamodb").put_item(
            TableName=self.outputs["tables"][table], Item=typed(dict(row))
        )
        return dict(row)

    def rows(self, table: str) -> list[dict[str, Any]]:
        found = self.cloud.client("dynamodb").scan(TableName=self.outputs["tables"][table])
        return [plain(item) for item in found["Items"]]

    def send(self, document: Any) -> str:
        body = document if isinstance(document, str) else json.dumps(document)
        sqs, url = self.cloud.client("sqs"), self.outputs["queues"]["unpublishedOutcomes"]
        return str(sqs.send_message(QueueUrl=url, MessageBody=body)["MessageId"])

    def waiting(self) -> list[str]:
        """The ids of the messages that anybody may take now; they stay there."""
        sqs, url = self.cloud.client("sqs"), self.outputs["queues"]["unpublishedOutcomes"]
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [message["MessageId"] for message in got.get("Messages", ())]

    def published(self) -> list[dict[str, Any]]:
        """The events on the bus, `{detail-type, detail}` each, which are forgotten with it."""
        sqs = self.cloud.client("sqs")
        got = sqs.receive_message(QueueUrl=self.outputs["seen"], MaxNumberOfMessages=10)
        for message in got.get("Messages", ()):
            sqs.delete_message(
                QueueUrl=self.outputs["seen"], ReceiptHandle=message["ReceiptHandle"]
            )
        events = [json.loads(message["Body"]) for message in got.get("Messages", ())]
        return [{name: event[name] for name in ("detail-type", "detail")} for event in events]


def make(bench: Bench, folder: Path) -> Known:
    """Make the tables with their streams, the queue, and a bus with a queue that sees all."""
    outputs = {
        "tables": {name: _table(bench, name, keys) for name, keys in _KEYS.items()},
        "queues": {"unpublishedOutcomes": _queue(bench, "unpublished-outcomes")},
        **_bus(bench),
    }
    file = folder / "outputs.json"
    file.write_text(json.dumps(outputs), encoding="utf-8")
    return Known(bench.cloud, outputs, file)


def call_as_root(patch: pytest.MonkeyPatch, cloud: Cloud) -> None:
    """Have any AWS SDK find the cloud, and its root user's credentials."""
    for name in _FORGOTTEN:
        patch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        patch.setenv(name, "/dev/null")
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    patch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
    patch.setenv("AWS_DEFAULT_REGION", REGION)
    patch.setenv("AWS_ACCESS_KEY_ID", ROOT_KEY)
    patch.setenv("AWS_SECRET_ACCESS_KEY", ROOT_KEY)


def call_as_user(patch: pytest.MonkeyPatch, cloud: Cloud, *grants: Grant) -> None:
    """Have any AWS SDK find the credentials of a user who has these grants only."""
    iam, name = cloud.client("iam"), Bench(cloud).name("user")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="it", PolicyDocument=policy(*grants))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    patch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    patch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])


def _table(bench: Bench, name: str, keys: tuple[str, ...]) -> str:
    physical = bench.name(name)
    index = {
        "IndexName": "OpenReviews",
        "KeySchema": _schema("OrderId", "OpenSince"),
        "Projection": {"ProjectionType": "ALL"},
    }
    more = {"GlobalSecondaryIndexes": [index]} if name == "ManualReview" else {}
    attributes = [*keys, "OpenSince"] if more else keys
    bench.cloud.client("dynamodb").create_table(
        TableName=physical,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in attributes],
        KeySchema=_schema(*keys),
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        **more,
    )
    return physical


def _queue(bench: Bench, name: str, **attributes: str) -> str:
    sqs = bench.cloud.client("sqs")
    return str(sqs.create_queue(QueueName=bench.name(name), Attributes=attributes)["QueueUrl"])


def _bus(bench: Bench) -> dict[str, str]:
    events, name = bench.cloud.client("events"), bench.name("bus")
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    seen = _queue(bench, "seen", Policy=policy)
    asked = bench.cloud.client("sqs").get_queue_attributes(
        QueueUrl=seen, AttributeNames=["QueueArn"]
    )
    events.create_event_bus(Name=name)
    pattern = json.dumps({"source": ["orders"]})
    events.put_rule(Name="seen", EventBusName=name, EventPattern=pattern)
    target = {"Id": "seen", "Arn": asked["Attributes"]["QueueArn"]}
    events.put_targets(Rule="seen", EventBusName=name, Targets=[target])
    return {"eventBus": name, "seen": seen}
