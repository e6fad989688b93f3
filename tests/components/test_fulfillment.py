"""Fulfillment as registered: its queue, its bucket, what starts it, and who may do what."""

import json
from typing import Any

import pulumi
import pytest

from components.aws.bucket import Bucket
from components.aws.queue import Queue
from components.orders.settings import read_settings
from tests.components.conftest import environment, granted, whole

DAYS = '{"fc-far": 9, "default": 3}'


@pytest.fixture(scope="module")
def stack(register: Any, config: dict[str, str]) -> Any:
    return whole(register, {**config, "orders:deliveryDays": DAYS})


def test_a_bucket_is_private_encrypted_versioned_and_reached_over_tls(register: Any) -> None:
    made = register(lambda: Bucket("papers", {}))

    access = made.named("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "papers")
    assert {name for name, value in access.items() if value is True} == {
        "blockPublicAcls",
        "blockPublicPolicy",
        "ignorePublicAcls",
        "restrictPublicBuckets",
    }
    encryption = "s3/bucketServerSideEncryptionConfiguration"
    (rule,) = made.named(f"{encryption}:BucketServerSideEncryptionConfiguration", "papers")["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    versioning = made.named("s3/bucketVersioning:BucketVersioning", "papers")
    assert versioning["versioningConfiguration"] == {"status": "Enabled"}
    (deny,) = made.statements("s3/bucketPolicy:BucketPolicy", "papers")
    assert (deny["Effect"], deny["Action"]) == ("Deny", "s3:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_fifo_queue_has_a_fifo_dead_letter_queue(register: Any) -> None:
    made = register(lambda: Queue("work", {"fifo": True}))

    for name in ("work", "work-dead-letters"):
        queue = made.named("sqs/queue:Queue", name)
        assert queue["fifoQueue"] is True
        assert queue["fifoThroughputLimit"] == "perMessageGroupId"


def test_an_ordinary_queue_is_not_fifo(register: Any) -> None:
    made = register(lambda: Queue("work", {}))

    assert "fifoQueue" not in made.named("sqs/queue:Queue", "work")


def test_the_requests_to_fulfillment_centres_keep_their_order(stack: Any) -> None:
    assert stack.named("sqs/queue:Queue", "fulfillment-requests")["fifoQueue"] is True


def test_an_order_that_was_paid_starts_fulfillment_by_a_rule_and_a_queue(stack: Any) -> None:
    rule = stack.named("cloudwatch/eventRule:EventRule", "start-fulfillment")
    target = stack.named("cloudwatch/eventTarget:EventTarget", "start-fulfillment-queue")
    source = stack.named("lambda/eventSourceMapping:EventSourceMapping", "start-fulfillment-source")

    assert json.loads(rule["eventPattern"]) == {
        "source": ["orders"],
        "detail-type": ["OrderProcessed", "OrderConfirmed"],
    }
    assert rule["eventBusName"] == "Orders"
    assert target["arn"] == source["eventSourceArn"]
    assert granted(stack, "start-fulfillment")["states:StartExecution"] == ["fulfillment"]


def test_only_the_starter_may_start_the_machine(stack: Any) -> None:
    assert environment(stack, "start-fulfillment") == {
        "FULFILLMENT_STATE_MACHINE_ARN": "arn:aws:sfn:eu-west-1:111122223333:fulfillment",
        "ORDERS_TABLE": "CustomerOrders",
    }
    starting = [
        made.name
        for made in stack.made
        if made.typ == "aws:iam/rolePolicy:RolePolicy"
        and ':fulfillment"' in made.inputs["policy"]
        and "states:StartExecution" in made.inputs["policy"]
    ]
    assert starting == ["start-fulfillment-policy"]


@pytest.mark.parametrize(
    ("function", "action"),
    [("send-to-center", "s3:PutObject"), ("link-label", "s3:GetObject")],
)
def test_labels_are_written_by_one_function_and_read_by_another_and_nothing_else(
    stack: Any, function: str, action: str
) -> None:
    s3 = {name: on for name, on in granted(stack, function).items() if name.startswith("s3:")}

    assert s3 == {action: ["labels/labels/*"]}


def test_the_functions_know_how_long_each_centre_takes(stack: Any) -> None:
    days = json.loads(environment(stack, "plan-shipments")["DELIVERY_DAYS"])

    assert days == {"default": 3, "fc-far": 9}


def test_the_machines_role_reaches_its_four_functions_and_three_tables(stack: Any) -> None:
    may = granted(stack, "fulfillment")

    assert may["lambda:InvokeFunction"] == [
        "cancel-shipments",
        "plan-shipments",
        "send-to-center",
        "update-inventory",
    ]
    assert may["dynamodb:UpdateItem"] == ["table/CustomerOrders", "table/CustomerPaymentSession"]
    assert may["dynamodb:PutItem"] == ["table/CustomerOrders", "table/ManualReview"]
    assert may["dynamodb:GetItem"] == ["table/CustomerOrders", "table/CustomerPaymentSession"]
    assert not [action for action in may if action.startswith("events:")]


@pytest.mark.parametrize(
    "days", ["{}", '{"fc-1": 2}', '{"default": -1}', '{"default": true}', '{"default": "3"}', "[]"]
)
def test_delivery_days_that_are_none_are_refused_in_one_sentence(
    register: Any, config: dict[str, str], days: str
) -> None:
    pulumi.runtime.set_all_config({**config, "orders:deliveryDays": days})

    with pytest.raises(pulumi.RunError, match="deliveryDays must give whole days"):
        register(read_settings)
