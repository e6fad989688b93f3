"""Fulfillment beside what is around it: events that start it, executions at once, support."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import urlopen
from uuid import uuid4

import pytest

from local import evidence
from local.rows import typed
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end

ON_HAND = 10
PATIENCE_SECONDS = 30


@pytest.fixture
def paid(stack: Stack) -> str:
    """A paid session of a piece of a product of its own from each of two centres."""
    session = str(uuid4())
    products = [
        {"id": f"{session}-{center}", "price": 500, "quantity": 1, "fulfillmentCenterId": center}
        for center in ("fc-1", "fc-2")
    ]
    for product in products:
        put(stack, "Inventory", {"ProductId": product["id"], "OnHand": ON_HAND, "Reserved": 0})
    row = {
        "SessionId": session,
        "CustomerId": "c-1",
        "PaymentStatus": "Success",
        "Products": products,
        "Currency": "USD",
        "Email": "jane.roe@example.com",
        "Address": "1 ^XZ Street, Singapore",
    }
    put(stack, "CustomerPaymentSession", row)
    return session


def put(stack: Stack, table: str, row: dict[str, Any]) -> None:
    stack.cloud.client("dynamodb").put_item(TableName=stack.table(table), Item=typed(row))


def fulfill(stack: Stack, session: str, name: str) -> dict[str, Any]:
    started = stack.cloud.client("stepfunctions").start_execution(
        stateMachineArn=stack.outputs["stateMachines"]["fulfillment"],
        name=name,
        input=json.dumps({"SessionId": session}),
    )
    return await_end(stack, started["executionArn"])


def assert_fulfilled_once(stack: Stack, session: str) -> None:
    settle(stack.cloud, stack.queues)
    items = [f"{session}-fc-1", f"{session}-fc-2"]
    taken = {"onHand": ON_HAND - 1, "reserved": 0}
    assert evidence.stock(stack, items) == dict.fromkeys(items, taken)
    # That somebody confirmed the order is told as well, once its row says to whom.
    subjects = [mail["subject"] for mail in evidence.emails(stack, session)]
    assert sum("is on its way" in subject for subject in subjects) == 1


def test_executions_of_one_session_at_once_ship_it_once_and_tell_it_once(
    stack: Stack, paid: str
) -> None:
    with ThreadPoolExecutor(3) as pool:
        names = [f"{paid}-{number}" for number in range(3)]
        ends = list(pool.map(lambda name: fulfill(stack, paid, name), names))

    assert [end["status"] for end in ends] == ["SUCCEEDED"] * 3
    assert_fulfilled_once(stack, paid)


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


@pytest.mark.usefixtures("rule")
def test_events_that_say_the_same_order_is_paid_start_one_execution(
    stack: Stack, paid: str
) -> None:
    for detail_type in ("OrderProcessed", "OrderProcessed", "OrderConfirmed"):
        entry = {
            "EventBusName": stack.outputs["eventBus"],
            "Source": "orders",
            "DetailType": detail_type,
            "Detail": json.dumps({"orderId": paid, "customerId": "c-1"}),
        }
        stack.cloud.client("events").put_events(Entries=[entry])
    settle(stack.cloud, stack.queues)

    (execution,) = executions(stack, paid)
    assert execution["name"] == paid
    assert await_end(stack, execution["executionArn"])["status"] == "SUCCEEDED"
    assert_fulfilled_once(stack, paid)


def executions(stack: Stack, session: str) -> list[dict[str, Any]]:
    """The executions of a session, once there is one."""
    machine = stack.outputs["stateMachines"]["fulfillment"]
    states = stack.cloud.client("stepfunctions")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine)
        started = [one for page in pages for one in page["executions"]]
        if found := [one for one in started if one["name"].startswith(session)]:
            return found
        time.sleep(0.05)
    raise AssertionError(f"no execution of {session} was started")


def test_support_gets_a_link_to_a_label_on_which_an_address_is_no_command(
    stack: Stack, paid: str
) -> None:
    fulfill(stack, paid, paid)
    functions = stack.cloud.client("lambda")
    (name,) = (
        function["FunctionName"]
        for function in functions.list_functions()["Functions"]
        if function["FunctionName"].startswith("link-label")
    )
    asked = json.dumps({"orderId": paid, "fulfillmentCenterId": "fc-1"}).encode()
    answer = json.loads(functions.invoke(FunctionName=name, Payload=asked)["Payload"].read())

    with urlopen(answer["url"]) as response:
        label = response.read().decode()
    assert answer["expiresInSeconds"] == 900
    assert label.startswith("^XA")
    assert label.count("^XZ") == 1
    assert paid in label
