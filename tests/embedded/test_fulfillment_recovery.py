"""Fulfillments whose order changes on the way, or that end where no state can catch it."""

import json
from typing import Any
from uuid import uuid4

import pytest

from local import evidence
from local.rows import typed
from local.scenario import Fault
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.helpers import age, invoke, put_stock, wait_for


@pytest.fixture
def paid(unhurried: Stack) -> str:
    """A paid session of two pieces of item-1, of which 100 are in stock."""
    put_stock(unhurried)
    session = str(uuid4())
    product = {"id": "item-1", "price": 1000, "quantity": 2, "fulfillmentCenterId": "fc-1"}
    row = {
        "SessionId": session,
        "CustomerId": "c-1",
        "PaymentStatus": "Success",
        "Products": [product],
        "Currency": "USD",
    }
    put(unhurried, "CustomerPaymentSession", row)
    return session


def put(stack: Stack, table: str, row: dict[str, Any]) -> None:
    stack.cloud.client("dynamodb").put_item(TableName=stack.table(table), Item=typed(row))


def start(stack: Stack, session: str, name: str | None = None) -> str:
    started = stack.cloud.client("stepfunctions").start_execution(
        stateMachineArn=stack.outputs["stateMachines"]["fulfillment"],
        name=name or session,
        input=json.dumps({"SessionId": session}),
    )
    return str(started["executionArn"])


def held(stack: Stack, session: str, state: str, error: str) -> str:
    """An execution that is held in the retries of a state, which took effect at once."""
    stack.cloud.inject([vars(Fault(state, error, "after"))])
    execution = start(stack, session)
    wait_for(stack, execution, state)
    return execution


def test_an_order_that_was_cancelled_while_it_was_shipped_is_left_to_a_human(
    unhurried: Stack, paid: str
) -> None:
    execution = held(unhurried, paid, "SendToFulfillmentCenter", "Lambda.SdkClientException")
    put(unhurried, "CustomerOrders", {"OrderId": paid, "CustomerId": "c-1", "State": "CANCELLED"})
    unhurried.cloud.inject([])
    ended = await_end(unhurried, execution)
    settle(unhurried.cloud, unhurried.queues)

    assert (ended["status"], ended["error"]) == ("FAILED", "ProcessingError")
    assert evidence.order_row(unhurried, paid) == {
        "OrderId": paid,
        "CustomerId": "c-1",
        "State": "CANCELLED",
    }
    (review,) = evidence.manual_review(unhurried, paid)
    assert review["Step"] == "RecordFulfillment"
    assert "CANCELLED" in review["Failed"]


@pytest.mark.parametrize("state", ["PlanShipments", "UpdateInventory", "SendToFulfillmentCenter"])
def test_an_aborted_execution_is_reviewed_undone_by_nobody_and_finished_by_another(
    unhurried: Stack, paid: str, state: str
) -> None:
    execution = held(unhurried, paid, state, "Lambda.SdkClientException")
    unhurried.cloud.client("stepfunctions").stop_execution(executionArn=execution)
    unhurried.cloud.inject([])
    settle(unhurried.cloud, unhurried.queues)
    (review,) = evidence.manual_review(unhurried, paid)
    ended = await_end(unhurried, start(unhurried, paid, f"{paid}-2"))
    settle(unhurried.cloud, unhurried.queues)

    assert review["Step"] == "Fulfillment"
    assert ended["status"] == "SUCCEEDED", ended.get("cause")
    row = evidence.order_row(unhurried, paid)
    assert row is not None
    assert row["State"] == "FULFILLED"
    stock = evidence.stock(unhurried, ["item-1"])
    assert stock == {"item-1": {"onHand": 98, "reserved": 0}}


def test_an_order_whose_execution_was_aborted_after_the_record_stands_and_is_told(
    unhurried: Stack, paid: str
) -> None:
    execution = held(unhurried, paid, "RecordFulfillment", "DynamoDB.SdkClientException")
    unhurried.cloud.client("stepfunctions").stop_execution(executionArn=execution)
    unhurried.cloud.inject([])
    settle(unhurried.cloud, unhurried.queues)
    age(unhurried, paid)
    invoke(unhurried, "republish-outcomes")
    settle(unhurried.cloud, unhurried.queues)

    row = evidence.order_row(unhurried, paid)
    assert row is not None
    assert row["State"] == "FULFILLED"
    assert row["PublishedAt"]
    assert "Unpublished" not in row
    assert evidence.manual_review(unhurried, paid) == []
