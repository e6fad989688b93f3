"""A checkout whose services somebody plays by hand, as on `orders serve`: no money is taken."""

import json
import time
from typing import Any

from local import evidence
from local.callbacks import Caller
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.test_checkout import cart


def next_request(stack: Stack) -> dict[str, Any]:
    """What the asked service finds in its queue."""
    queue, sqs = stack.outputs["queues"]["serviceRequests"], stack.cloud.client("sqs")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for message in sqs.receive_message(QueueUrl=queue).get("Messages", []):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            return dict(json.loads(message["Body"]))
        time.sleep(0.02)
    raise AssertionError("nothing was requested")


def test_a_payment_that_was_reported_and_then_cancelled_is_refunded(stack: Stack) -> None:
    secrets = stack.cloud.client("secretsmanager")
    secret = secrets.get_secret_value(SecretId=stack.outputs["callbackSecretArn"])["SecretString"]
    stack.cloud.client("dynamodb").put_item(
        TableName=stack.table("Inventory"),
        Item={"ProductId": {"S": "Orange"}, "OnHand": {"N": "9"}, "Reserved": {"N": "0"}},
    )
    execution = stack.cloud.client("stepfunctions").start_execution(
        stateMachineArn=stack.outputs["stateMachines"]["checkout"], input=json.dumps(cart())
    )["executionArn"]
    for word in ("succeeded", "unavailable"):
        asked = next_request(stack)
        assert Caller(secret).call(asked["callbackUrl"], asked["orderId"], word) < 300
    ended = await_end(stack, execution)
    settle(stack.cloud, stack.queues)

    row = evidence.order_row(stack, asked["orderId"])
    assert ended["error"] == "ShippingFailed"
    assert row is not None
    assert row["Cause"] == "the shipping service reported that it cannot ship the order"
    assert (row["PaymentStatus"], row["ShippingStatus"]) == ("Refunded", "Unsuccessful")
    (mail,) = evidence.emails(stack, asked["orderId"])
    assert "comes back" in mail["body"]
