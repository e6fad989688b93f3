"""Shipments of which a part failed: cancelled once, at the centre too, and given to a human."""

from dataclasses import replace
from io import StringIO
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.fulfillment.cancel_shipments import handler
from handlers.fulfillment.rules.products import LONGEST_ID
from handlers.fulfillment.rules.shipment import Shipment
from handlers.fulfillment.rules.shipment_canceller import Failure, parse_failures
from handlers.shared.rules.errors import BadInput, ServiceUnavailable, TableContended
from tests.handlers.warehouses import AGAIN, EXECUTION, ORDER, Warehouse, product

FIRST = f"{ORDER}/fc-1/1"
SHORT = Failure("UpdateInventory", "OutOfStock", 'not enough stock of "p1"')
UNSENT = Failure("SendToFulfillmentCenter", "ServiceUnavailable", "down")


@pytest.fixture
def warehouse(dynamodb: Any) -> Warehouse:
    return Warehouse(dynamodb).stocked(p1=9)


def test_what_was_sent_without_its_stock_is_cancelled_at_the_centre(warehouse: Warehouse) -> None:
    shipment = warehouse.shipment()
    warehouse.sending.send(shipment)
    for _ in range(2):
        assert warehouse.cancel(shipment, SHORT)
    (cancelled,) = [m.body for m in warehouse.centers.heard[1:]]
    assert cancelled == {
        "messageType": "ShipmentCancelled",
        "idempotencyKey": FIRST,
        "orderId": ORDER,
        "fulfillmentCenterId": "fc-1",
        "customerId": "c-1",
        "products": [{"id": "p1", "name": "Product p1", "price": 500, "quantity": 2}],
        "arrivalDate": "2026-01-07",
    }
    assert warehouse.centers.heard[0].group == warehouse.centers.heard[1].group
    review = warehouse.review()
    assert review == {
        "OrderId": ORDER,
        "ReviewId": f"Fulfill fc-1 {EXECUTION}",
        "Step": "Fulfill fc-1",
        "ExecutionArn": EXECUTION,
        "Reason": "ProcessingError",
        "Cause": 'UpdateInventory: OutOfStock: not enough stock of "p1"',
        "Done": "no stock taken; request cancelled",
        "ToDo": "find the missing pieces or correct the Inventory row,"
        " then start <orderId>-<n>: it does only what is missing",
        "CustomerId": "c-1",
        "CreatedAt": "2026-01-02T12:00:00.000Z",
        "OpenSince": "2026-01-02T12:00:00.000Z",
    }


def test_what_was_never_requested_is_cancelled_without_a_word_to_the_centre(
    warehouse: Warehouse,
) -> None:
    shipment = warehouse.shipment()
    warehouse.stock.take(shipment)
    assert warehouse.cancel(shipment, UNSENT)
    assert warehouse.centers.heard == []
    assert warehouse.row()["SendStatus"] == "CANCELLED"
    assert warehouse.review()["Done"] == "stock taken; nothing requested"
    assert warehouse.review()["ToDo"].startswith("find the cause, then start <orderId>-<n>")


def test_a_shipment_that_was_done_after_all_stays_so(warehouse: Warehouse) -> None:
    shipment = warehouse.shipment()
    warehouse.sending.send(shipment)
    warehouse.stock.take(shipment)
    assert not warehouse.cancel(shipment, SHORT)
    assert warehouse.row()["SendStatus"] == "SENT"
    assert warehouse.centers.shipping == {FIRST}
    assert warehouse.review()["Done"] == "stock taken; request sent: the shipment is on its way"


def test_a_late_cancellation_does_not_touch_the_next_attempt(warehouse: Warehouse) -> None:
    former = warehouse.shipment()
    warehouse.sending.send(former)
    warehouse.cancel(former, SHORT)
    warehouse.sending.send(warehouse.shipment())
    assert warehouse.cancel(former, SHORT)
    assert warehouse.row()["SendStatus"] == "SENT"
    assert warehouse.centers.shipping == {f"{ORDER}/fc-1/2"}


def test_a_later_attempts_failure_is_a_review_of_its_own(warehouse: Warehouse) -> None:
    for execution in (EXECUTION, AGAIN):
        warehouse.cancel(warehouse.shipment(), UNSENT, execution=execution)
    assert len(warehouse.rows("ManualReview")) == 2
    assert warehouse.review()
    assert warehouse.review("Fulfill fc-1, attempt 2", AGAIN)


def test_every_execution_that_fails_at_a_shipment_has_a_review_of_its_own(
    warehouse: Warehouse,
) -> None:
    shipment = warehouse.shipment()
    for execution in (EXECUTION, AGAIN, EXECUTION):
        assert warehouse.cancel(shipment, SHORT, execution=execution)
    reviews = warehouse.rows("ManualReview")
    assert sorted(row["ExecutionArn"] for row in reviews) == [EXECUTION, AGAIN]


def test_the_longest_centres_review_has_a_key_that_the_table_takes(warehouse: Warehouse) -> None:
    """AWS, "Service, account, and table quotas": a sort key has at most 1,024 bytes."""
    center = "\U00020000" * LONGEST_ID
    machine = "x" * 80
    execution = f"arn:aws-us-gov:states:us-gov-east-1:123456789012:execution:{machine}:{machine}"
    shipment = replace(warehouse.shipment(product(center=center)), attempt=999_999)
    assert warehouse.cancel(shipment, SHORT, execution=execution)
    (review,) = warehouse.rows("ManualReview")
    assert center in review["ReviewId"]
    assert len(review["ReviewId"].encode()) <= 1024


def test_a_settled_review_stays_settled_when_the_cancellation_is_repeated(
    warehouse: Warehouse,
) -> None:
    shipment = warehouse.shipment()
    warehouse.cancel(shipment, SHORT)
    settled = {**warehouse.review(), "SettledAt": "2026-01-03T00:00:00.000Z", "SettledBy": "ada"}
    del settled["OpenSince"]
    warehouse.put("ManualReview", **settled)
    warehouse.cancel(shipment, UNSENT)
    assert warehouse.rows("ManualReview") == [settled]


def test_a_queue_that_fails_is_asked_again_before_the_review_says_what_was_done(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipment = warehouse.shipment()
    warehouse.sending.send(shipment)

    def down(message: Any) -> None:
        raise ServiceUnavailable("down")

    with monkeypatch.context() as broken:
        broken.setattr(warehouse.centers, "send", down)
        with pytest.raises(ServiceUnavailable):
            warehouse.cancel(shipment, SHORT)
    assert warehouse.row()["SendStatus"] == "CANCELLED"
    assert warehouse.rows("ManualReview") == []
    assert warehouse.cancel(shipment, SHORT)
    assert warehouse.centers.shipping == set()
    assert warehouse.review()["Done"] == "no stock taken; request cancelled"


def test_a_row_that_was_removed_is_not_made_up(warehouse: Warehouse) -> None:
    shipment = warehouse.shipment()
    warehouse.forget()
    with pytest.raises(TableContended, match="was removed"):
        warehouse.cancel(shipment, SHORT)
    assert warehouse.rows("Shipments") == []


def test_only_the_parts_that_were_not_done_have_failed() -> None:
    parts: list[dict[str, Any]] = [
        {"step": "UpdateInventory", "done": True},
        {"step": "SendToFulfillmentCenter", "done": False, "error": "E", "cause": "why"},
        {"step": "Third"},
    ]
    failed = parse_failures(parts)
    assert [failure.step for failure in failed] == ["SendToFulfillmentCenter", "Third"]
    assert str(failed[0]) == "SendToFulfillmentCenter: E: why"


def test_the_cause_of_an_error_of_step_functions_is_not_repeated() -> None:
    quoted = Failure("UpdateInventory", "States.Runtime", "input was {Baker Street}")
    assert str(quoted) == "UpdateInventory: States.Runtime"


def failed(shipment: Shipment, failure: Failure = SHORT) -> dict[str, Any]:
    """A group as the machine reports it."""
    part = {"step": failure.step, "done": False, "error": failure.error, "cause": failure.cause}
    return {**shipment.document(), "parts": [part, {"step": "Other", "done": True}]}


def cancel(groups: list[dict[str, Any]], context: LambdaContext) -> Any:
    """The function's answer about groups of the execution that failed."""
    return handler({"groups": groups, "executionArn": EXECUTION}, context)


@pytest.fixture
def queue(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    made = boto3.client("sqs").create_queue(
        QueueName="centers.fifo", Attributes={"FifoQueue": "true"}
    )
    monkeypatch.setenv("FULFILLMENT_QUEUE_URL", made["QueueUrl"])
    return str(made["QueueUrl"])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_function_cancels_every_failed_group(
    count: int, warehouse: Warehouse, queue: str, context: LambdaContext, log: StringIO
) -> None:
    centers = [f"fc-{place}" for place in range(count)]
    bought = [product(center=center, quantity=1) for center in centers] or [product()]
    shipments = warehouse.plan(*bought).shipments[:count]
    groups = [failed(shipment) for shipment in shipments]
    for _ in range(2):
        assert cancel(groups, context) == {"cancelled": centers, "done": []}
    reviews = warehouse.rows("ManualReview")
    assert sorted(row["Step"] for row in reviews) == [f"Fulfill {center}" for center in centers]
    assert {row["ExecutionArn"] for row in reviews} <= {EXECUTION}


def test_the_function_names_which_groups_are_done_after_all(
    warehouse: Warehouse, queue: str, context: LambdaContext
) -> None:
    done, other = warehouse.plan(product(), product(center="fc-2")).shipments
    warehouse.stock.take(done)
    warehouse.sending.send(done)
    answer = cancel([failed(done), failed(other)], context)
    assert answer == {"cancelled": ["fc-2"], "done": ["fc-1"]}
    assert len(warehouse.rows("ManualReview")) == 2


def test_one_group_that_cannot_be_cancelled_holds_up_no_other(
    warehouse: Warehouse, queue: str, context: LambdaContext, log: StringIO
) -> None:
    lost, other = warehouse.plan(product(center="fc-2"), product()).shipments
    key = {"OrderId": {"S": ORDER}, "FulfillmentCenterId": {"S": "fc-2"}}
    warehouse.plain_client.delete_item(TableName="Shipments", Key=key)
    with pytest.raises(TableContended):
        cancel([failed(lost), failed(other)], context)
    assert warehouse.row()["SendStatus"] == "CANCELLED"
    assert '"error":"TableContended"' in log.getvalue()


@pytest.mark.parametrize("named", [{}, {"executionArn": None}, {"executionArn": 5}])
def test_nothing_is_cancelled_for_an_execution_that_nobody_names(
    named: dict[str, Any], warehouse: Warehouse, queue: str, context: LambdaContext
) -> None:
    with pytest.raises(BadInput, match=r"^executionArn (is missing|must be text)"):
        handler({"groups": [failed(warehouse.shipment())], **named}, context)
    assert warehouse.row()["SendStatus"] == "PLANNED"
