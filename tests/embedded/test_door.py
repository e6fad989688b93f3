"""Executions that are started by hand: what is wrong in itself is refused before it has an effect.

The edge has checked every order that came through it; a machine can be started with anything.
"""

from typing import Any
from uuid import uuid4

import pytest

from local import evidence
from local.orders import machine_input
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.conftest import Judge, Orders
from tests.embedded.helpers import put_stock, start
from tests.embedded.seen import heard, ledger, order, rows, watch

ITEM = {"itemId": "item-1", "price": 1000, "quantity": 2, "itemDescription": None}
WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "customer null": ("customerId", {"customerId": None}),
    "customer number": ("customerId", {"customerId": 5}),
    "customer list": ("customerId", {"customerId": ["c-1"]}),
    "customer object": ("customerId", {"customerId": {"id": "c-1"}}),
    "requested null": ("requestedAt", {"requestedAt": None}),
    "requested number": ("requestedAt", {"requestedAt": 1_700_000_000}),
    "requested list": ("requestedAt", {"requestedAt": []}),
    "requested object": ("requestedAt", {"requestedAt": {}}),
    "less than nothing": (
        "quantity",
        {"items": [{**ITEM, "quantity": -1}], "orderTotal": -1000},
    ),
    "half a piece": ("quantity", {"items": [{**ITEM, "quantity": 0.5}], "orderTotal": 500}),
    "no items": ("items", {"items": [], "orderTotal": 0}),
    "items null": ("items", {"items": None}),
    "an item twice": ("each item once", {"items": [ITEM, ITEM], "orderTotal": 4000}),
    "another total": ("orderTotal", {"orderTotal": 1999}),
    "total text": ("orderTotal", {"orderTotal": "2000"}),
    "price list": ("price", {"items": [{**ITEM, "price": [1000]}]}),
    "no payment": ("payment", {"payment": None}),
    "currency object": ("currency", {"currency": {"code": "USD"}}),
}
"""What is named by the cause, and what differs from a good order."""

Ended = dict[str, tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def refused(stack: Stack) -> Ended:
    """How each execution ended, the rows of its order, and the events about it."""
    put_stock(stack)
    watch(stack)
    good = machine_input(stack, Orders().scenario())
    given = {name: {**good, "orderId": str(uuid4()), **wrong} for name, (_, wrong) in WRONG.items()}
    started = {name: start(stack, document) for name, document in given.items()}
    ends = {name: await_end(stack, execution) for name, execution in started.items()}
    settle(stack.cloud, stack.queues)
    events = heard(stack)
    return {
        name: (
            ends[name],
            rows(stack, document["orderId"]),
            [event for event in events if event["detail"]["orderId"] == document["orderId"]],
        )
        for name, document in given.items()
    }


@pytest.mark.parametrize("name", WRONG)
def test_an_order_that_is_wrong_in_itself_is_refused_recorded_and_closed(
    refused: Ended, name: str
) -> None:
    ended, found, events = refused[name]

    assert (ended["status"], ended["error"]) == ("FAILED", "InvalidOrder")
    assert WRONG[name][0] in ended["cause"]
    row = found["CustomerOrders"]
    assert (row["State"], row["Reason"], row["Cause"]) == (
        "FAILED",
        "InvalidOrder",
        ended["cause"],
    )
    assert row["ClosedBy"] == ended["executionArn"]
    assert (row["PaymentStatus"], row["OrderStatus"]) == ("Unsuccessful", "Failed")
    assert "Waiting" not in row
    assert found["ManualReview"] == []
    assert [event["detail-type"] for event in events] == ["OrderRejected"]
    assert events[0]["detail"]["eventId"] == f"{row['OrderId']}:FAILED"
    assert found["Notifications"]["OrderRejected"] == "SENT"


@pytest.mark.parametrize("name", WRONG)
def test_nothing_was_held_for_an_order_that_is_wrong_and_nothing_can_be_later(
    stack: Stack, refused: Ended, name: str
) -> None:
    _, found, _ = refused[name]

    assert found["CustomerPaymentSession"] is None
    assert found["PaymentGateway"]["Status"] == "VOIDED"
    assert not found["PaymentGateway"].get("Entries")
    assert found["Reservations"]["Status"] == "RELEASED"
    assert "Items" not in found["Reservations"]
    assert evidence.stock(stack, ["item-1"])["item-1"] == {"onHand": 100, "reserved": 0}


def test_numbers_without_a_fraction_are_integers_in_rows_and_events(
    stack: Stack, orders: Orders
) -> None:
    watch(stack)
    document = {**machine_input(stack, orders.scenario()), "orderId": str(uuid4())}
    document |= {"items": [{"itemId": "item-1", "price": 1000.0, "quantity": 2.0}]}
    ended = await_end(stack, start(stack, {**document, "orderTotal": 2e3}))
    settle(stack.cloud, stack.queues)

    assert ended["status"] == "SUCCEEDED"
    found = rows(stack, document["orderId"])
    (line,) = found["CustomerOrders"]["Items"]
    assert (repr(line["price"]), repr(line["quantity"])) == ("1000", "2")
    assert repr(found["CustomerOrders"]["OrderTotal"]) == "2000"
    (event,) = [each for each in heard(stack) if each["detail"]["orderId"] == document["orderId"]]
    assert repr(event["detail"]["orderTotal"]) == "2000"


@pytest.mark.parametrize("stands", ["PROCESSED", "never heard of"])
def test_an_input_that_names_another_order_touches_none_and_is_reviewed_under_its_name(
    stack: Stack, judge: Judge, orders: Orders, stands: str
) -> None:
    document = machine_input(stack, orders.scenario())
    if stands == "PROCESSED":
        document["orderId"] = order(judge.run(orders.scenario()))["OrderId"]
    before, name = rows(stack, document["orderId"]), str(uuid4())
    ended = await_end(stack, start(stack, document, name))
    settle(stack.cloud, stack.queues)

    assert (ended["status"], ended["error"]) == ("FAILED", "InvalidOrder")
    assert "orderId must be the execution's name" in ended["cause"]
    assert rows(stack, document["orderId"]) == before
    (review,) = evidence.manual_review(stack, name)
    assert (review["Step"], review["ExecutionArn"]) == ("Recovery", ended["executionArn"])
    assert evidence.order_row(stack, name) is None
    assert ledger(stack, name) == []
