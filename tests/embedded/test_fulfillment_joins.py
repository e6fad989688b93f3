"""Fulfillment beside what is around it: events that start it, executions at once, support."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen
from uuid import uuid4

import pytest

from local import evidence
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.helpers import (
    arn_of,
    change,
    ended,
    fulfill,
    holding,
    invoke,
    put,
    row_of,
    stop,
)

ON_HAND = 10


@pytest.fixture
def paid(stack: Stack) -> str:
    """A paid session of a piece of a product of its own from each of two centres."""
    session = str(uuid4())
    products = [
        {"id": f"{session}-{center}", "price": 500, "quantity": 1, "fulfillmentCenterId": center}
        for center in ("fc-1", "fc-2")
    ]
    for product in products:
        put(stack, "Inventory", ProductId=product["id"], OnHand=ON_HAND, Reserved=0)
    put(
        stack,
        "CustomerPaymentSession",
        SessionId=session,
        CustomerId="c-1",
        PaymentStatus="Success",
        Products=products,
        Currency="USD",
        Email="jane.roe@example.com",
        Address="1 ^XZ Street, Singapore",
    )
    return session


def assert_fulfilled_once(stack: Stack, session: str) -> None:
    settle(stack.cloud, stack.queues)
    items = [f"{session}-fc-1", f"{session}-fc-2"]
    taken = {"onHand": ON_HAND - 1, "reserved": 0}
    assert evidence.stock(stack, items) == dict.fromkeys(items, taken)
    assert row_of(stack, session)["State"] == "FULFILLED"
    (mail,) = evidence.emails(stack, session)
    assert "is on its way" in mail["subject"]


def test_executions_of_one_session_at_once_ship_it_once_and_notify_once(
    stack: Stack, paid: str
) -> None:
    with ThreadPoolExecutor(3) as pool:
        started = [fulfill(stack, paid, f"{paid}-{number}") for number in range(3)]
        ends = list(pool.map(lambda execution: await_end(stack, execution), started))

    assert [end["status"] for end in ends] == ["SUCCEEDED"] * 3
    assert_fulfilled_once(stack, paid)


@pytest.mark.parametrize("state", ["UpdateInventory", "SendToFulfillmentCenter"])
def test_what_a_stopped_execution_left_is_undone_by_nobody_and_finished_by_another(
    stack: Stack, paid: str, state: str
) -> None:
    with holding(stack, state, "fulfillment") as standing:
        fulfill(stack, paid)
        stop(stack, standing())
    (review,) = evidence.manual_review(stack, paid)
    resumed = ended(stack, fulfill(stack, paid, f"{paid}-2"))

    assert (review["Step"], review["Done"]) == ("Fulfillment", "")
    assert resumed["status"] == "SUCCEEDED", resumed.get("cause")
    assert_fulfilled_once(stack, paid)
    assert evidence.manual_review(stack, paid) == [review]


def test_an_order_that_was_cancelled_while_it_was_shipped_is_left_to_a_human(
    stack: Stack, paid: str
) -> None:
    with holding(stack, "SendToFulfillmentCenter", "fulfillment") as standing:
        fulfill(stack, paid)
        execution = standing()
        put(stack, "CustomerOrders", OrderId=paid, CustomerId="c-1", State="CANCELLED")
        stack.cloud.release(execution)
        found = ended(stack, execution)

    assert (found["status"], found["error"]) == ("FAILED", "ProcessingError")
    assert row_of(stack, paid) == {"OrderId": paid, "CustomerId": "c-1", "State": "CANCELLED"}
    (review,) = evidence.manual_review(stack, paid)
    assert review["Step"] == "RecordFulfillment"
    assert "CANCELLED" in review["Cause"]


@pytest.fixture
def rule(stack: Stack) -> Iterator[None]:
    """The rule that starts fulfillment, at work."""
    named = {
        "Name": stack.outputs["rules"]["startFulfillment"],
        "EventBusName": stack.outputs["eventBus"],
    }
    events = stack.cloud.client("events")
    events.enable_rule(**named)
    yield
    events.disable_rule(**named)


def publish(stack: Stack, detail_type: str, session: str) -> None:
    entry = {
        "EventBusName": stack.outputs["eventBus"],
        "Source": "orders",
        "DetailType": detail_type,
        "Detail": json.dumps({"orderId": session, "customerId": "c-1"}),
    }
    stack.cloud.client("events").put_events(Entries=[entry])


@pytest.mark.usefixtures("rule")
def test_events_that_say_the_same_order_is_paid_start_one_execution_of_a_paid_one(
    stack: Stack, paid: str
) -> None:
    """And an event starts nothing that the order's row contradicts, whatever it says."""
    put(stack, "CustomerOrders", OrderId=paid, CustomerId="c-1", State="CANCELLED")
    publish(stack, "OrderProcessed", paid)
    settle(stack.cloud, stack.queues)
    states, execution = stack.cloud.client("stepfunctions"), arn_of(stack, "fulfillment", paid)
    with pytest.raises(states.exceptions.ExecutionDoesNotExist):
        states.describe_execution(executionArn=execution)

    change(stack, "CustomerOrders", {"OrderId": paid}, State="PROCESSED", Email="a@example.com")
    for detail_type in ("OrderProcessed", "OrderProcessed", "OrderConfirmed"):
        publish(stack, detail_type, paid)
    settle(stack.cloud, stack.queues)

    assert await_end(stack, execution)["status"] == "SUCCEEDED"
    settle(stack.cloud, stack.queues)
    machine = stack.outputs["stateMachines"]["fulfillment"]
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine)
    started = [one["name"] for page in pages for one in page["executions"]]
    assert [name for name in started if name.startswith(paid)] == [paid]
    assert row_of(stack, paid)["State"] == "FULFILLED"


def test_support_gets_a_link_to_a_label_on_which_an_address_is_no_command(
    stack: Stack, paid: str
) -> None:
    await_end(stack, fulfill(stack, paid))
    answer = invoke(stack, "link_label", {"orderId": paid, "fulfillmentCenterId": "fc-1"})

    with urlopen(answer["url"]) as response:
        label = response.read().decode()
    assert answer["expiresInSeconds"] == 900
    assert label.startswith("^XA")
    assert label.count("^XZ") == 1
    assert paid in label
