"""Centres hear once what to ship, have its label, and hear when it is not to be shipped."""

import json
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import EndpointConnectionError

from handlers.fulfillment.adapters.center_queue import CenterQueue
from handlers.fulfillment.adapters.label_store import LabelStore
from handlers.fulfillment.rules.center_messages import cancellation
from handlers.fulfillment.rules.errors import ShipmentCancelled
from handlers.fulfillment.rules.labels import label
from handlers.fulfillment.rules.shipment import Shipment
from handlers.fulfillment.rules.shipment_sender import Sending
from handlers.fulfillment.send_to_center import handler
from handlers.shared.rules.errors import ServiceUnavailable, TableContended
from tests.handlers.warehouses import ORDER, Warehouse, product

KEY = f"labels/{ORDER}/fc-1.zpl"
FIRST = f"{ORDER}/fc-1/1"
SECOND = f"{ORDER}/fc-1/2"


@pytest.fixture
def warehouse(dynamodb: Any) -> Warehouse:
    return Warehouse(dynamodb)


def test_a_centre_hears_everything_it_needs(warehouse: Warehouse) -> None:
    (shipment,) = warehouse.plan(product(), Address="1 George Street").shipments
    assert warehouse.sending.send(shipment) == KEY
    (message,) = warehouse.centers.heard
    assert message.body == {
        "messageType": "ShipmentRequested",
        "idempotencyKey": FIRST,
        "orderId": ORDER,
        "fulfillmentCenterId": "fc-1",
        "customerId": "c-1",
        "address": "1 George Street",
        "products": [{"id": "p1", "name": "Product p1", "price": 500, "quantity": 2}],
        "arrivalDate": "2026-01-07",
        "label": {"bucket": "labels", "key": KEY},
    }
    assert warehouse.labels.labels == {KEY: label(shipment)}
    row = warehouse.row()
    assert (row["SendStatus"], row["LabelKey"]) == ("SENT", KEY)


def test_without_an_address_the_message_has_none(warehouse: Warehouse) -> None:
    warehouse.sending.send(warehouse.shipment())
    assert "address" not in warehouse.centers.heard[0].body


def test_a_centre_hears_of_a_shipment_once(warehouse: Warehouse) -> None:
    shipment = warehouse.shipment()
    warehouse.sending.send(shipment)
    warehouse.centers.heard.clear()
    warehouse.labels.labels.clear()
    assert warehouse.sending.send(shipment) == KEY
    assert (warehouse.centers.heard, warehouse.labels.labels) == ([], {})


def test_a_queue_that_fails_leaves_a_request_that_may_have_been_heard(
    warehouse: Warehouse,
) -> None:
    shipment = warehouse.shipment()
    warehouse.centers.down = True
    with pytest.raises(ServiceUnavailable):
        warehouse.sending.send(shipment)
    assert warehouse.row()["SendStatus"] == "REQUESTED"
    warehouse.centers.down = False
    warehouse.sending.send(shipment)
    assert warehouse.centers.shipping == {FIRST}


def test_a_cancelled_attempt_is_refused_and_leaves_nothing(warehouse: Warehouse) -> None:
    former = warehouse.shipment()
    warehouse.shipments.cancel(former)
    for _ in range(2):
        with pytest.raises(ShipmentCancelled, match=f"attempt 1 to ship order {ORDER}"):
            warehouse.sending.send(former)
        warehouse.shipment()
    assert (warehouse.centers.heard, warehouse.labels.labels) == ([], {})


def test_a_request_that_was_cancelled_on_its_way_is_followed_by_its_cancellation(
    warehouse: Warehouse,
) -> None:
    class Overtaken:
        """A queue that takes the request after the shipment was cancelled."""

        def send(self, message: Any) -> None:
            if message.body["messageType"] == "ShipmentRequested":
                warehouse.cancel(shipment)
            warehouse.centers.send(message)

    shipment = warehouse.shipment()
    sending = Sending(warehouse.shipments, warehouse.labels, Overtaken())
    with pytest.raises(ShipmentCancelled):
        sending.send(shipment)
    types = [message.body["messageType"] for message in warehouse.centers.heard]
    assert types == ["ShipmentCancelled", "ShipmentRequested", "ShipmentCancelled"]
    assert warehouse.row()["SendStatus"] == "CANCELLED"


def test_the_next_attempt_recalls_the_one_whose_cancellation_got_lost(
    warehouse: Warehouse,
) -> None:
    warehouse.sending.send(warehouse.shipment())
    warehouse.shipments.cancel(warehouse.shipment())
    warehouse.sending.send(warehouse.shipment())
    types = [message.body["idempotencyKey"] for message in warehouse.centers.heard]
    assert types == [FIRST, FIRST, SECOND]
    assert warehouse.centers.shipping == {SECOND}


def test_a_recall_is_passed_on_by_an_attempt_that_requested_nothing(warehouse: Warehouse) -> None:
    warehouse.sending.send(warehouse.shipment())
    for _ in range(2):
        warehouse.shipments.cancel(warehouse.shipment())
    third = warehouse.shipment()
    assert (third.attempt, warehouse.row()["Recall"]) == (3, 1)
    warehouse.sending.send(third)
    assert warehouse.centers.keys("ShipmentCancelled") == [FIRST]
    assert warehouse.centers.shipping == {f"{ORDER}/fc-1/3"}


def test_a_cancellation_that_was_heard_is_not_repeated(warehouse: Warehouse) -> None:
    warehouse.sending.send(warehouse.shipment())
    assert warehouse.cancel(warehouse.shipment())
    warehouse.centers.heard.clear()
    warehouse.sending.send(warehouse.shipment())
    assert [message.body["idempotencyKey"] for message in warehouse.centers.heard] == [SECOND]


class Moved:
    """The Shipments table, in which another execution is always quicker to request."""

    def __init__(self, warehouse: Warehouse, then: Any) -> None:
        self.warehouse, self.then = warehouse, then

    def __getattr__(self, name: str) -> Any:
        return getattr(self.warehouse.shipments, name)

    def request(self, shipment: Shipment, label_key: str) -> None:
        self.then(shipment)


def test_a_shipment_that_another_execution_has_sent_meanwhile_is_sent(
    warehouse: Warehouse,
) -> None:
    shipment = warehouse.shipment()
    moved = Moved(warehouse, warehouse.sending.send)
    assert Sending(moved, warehouse.labels, warehouse.centers).send(shipment) == KEY
    assert warehouse.centers.keys("ShipmentRequested") == [FIRST]


def test_a_row_that_cannot_be_is_contention(warehouse: Warehouse) -> None:
    moved = Moved(warehouse, lambda _: None)
    with pytest.raises(TableContended):
        Sending(moved, warehouse.labels, warehouse.centers).send(warehouse.shipment())


@pytest.fixture
def outside(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket and a queue; its URL."""
    boto3.client("s3").create_bucket(Bucket="labels")
    made = boto3.client("sqs").create_queue(
        QueueName="centers.fifo", Attributes={"FifoQueue": "true"}
    )
    monkeypatch.setenv("FULFILLMENT_QUEUE_URL", made["QueueUrl"])
    return str(made["QueueUrl"])


def test_the_function_keeps_the_label_and_sends_by_the_queue(
    warehouse: Warehouse, outside: str, context: LambdaContext
) -> None:
    shipment = warehouse.shipment(product(center="Süd/2"))
    key = f"labels/{ORDER}/S!C3!BCd!2F2.zpl"
    done = {"step": "SendToFulfillmentCenter", "done": True, "labelKey": key}
    for _ in range(2):
        assert handler({"group": shipment.document()}, context) == done
    kept = boto3.client("s3").get_object(Bucket="labels", Key=key)
    assert kept["Body"].read() == label(shipment)
    assert kept["ContentType"] == "application/zpl"
    answer = boto3.client("sqs").receive_message(
        QueueUrl=outside, MaxNumberOfMessages=10, AttributeNames=["All"]
    )
    (message,) = answer["Messages"]
    assert json.loads(message["Body"])["label"] == {"bucket": "labels", "key": key}
    assert message["Attributes"]["MessageGroupId"] == f"{ORDER}#S!C3!BCd!2F2"


def test_a_queue_takes_a_repeated_message_once_and_keeps_the_order(
    warehouse: Warehouse, outside: str
) -> None:
    shipment = warehouse.shipment()
    queue = CenterQueue(boto3.client("sqs"), outside)
    for message in (cancellation(shipment), cancellation(shipment, after_request=True)) * 2:
        queue.send(message)
    answer = boto3.client("sqs").receive_message(QueueUrl=outside, MaxNumberOfMessages=10)
    assert len(answer["Messages"]) == 2


class Unreachable:
    """A client whose every call fails, with an address in the error."""

    def __getattr__(self, name: str) -> Any:
        def fail(**request: Any) -> None:
            raise EndpointConnectionError(endpoint_url="https://Baker.example.com")

        return fail


def test_what_cannot_be_reached_is_unavailable_and_says_nothing_more(
    warehouse: Warehouse,
) -> None:
    shipment = warehouse.shipment()
    queue, labels = CenterQueue(Unreachable(), "url"), LabelStore(Unreachable(), "labels")
    calls: list[Any] = [
        lambda: queue.send(cancellation(shipment)),
        lambda: labels.write("key", b"label"),
    ]
    for call in calls:
        with pytest.raises(ServiceUnavailable) as raised:
            call()
        assert "Baker" not in str(raised.value)
        assert raised.value.__suppress_context__
