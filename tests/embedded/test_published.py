"""What customers and consumers hear: of each outcome once, and nothing that a row contradicts."""

import json
from typing import Any

import pytest

from local import evidence
from local.following import await_followed, following
from local.orders import machine_input
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.conftest import Orders
from tests.embedded.helpers import batch, change, fulfill, invoke, put, put_stock, row_of, start
from tests.embedded.intake import api, unread
from tests.embedded.seen import rows
from tests.embedded.test_fulfillment import UNPAID
from tests.embedded.test_fulfillment import scenario as fulfillment


def subjects(stack: Stack, order_id: str) -> list[str]:
    """What the mails about an order say, in the order sent."""
    return [
        mail["subject"].split(order_id)[-1].strip() for mail in evidence.emails(stack, order_id)
    ]


def noted(stack: Stack, order_id: str) -> dict[str, str]:
    """What became of each mail."""
    found = rows(stack, order_id)["Notifications"]
    return {kind: status for kind, status in found.items() if kind[0] in "OP" and kind != "OrderId"}


def paid(stack: Stack, orders: Orders) -> str:
    """An order that is processed."""
    document = machine_input(stack, orders.scenario())
    put_stock(stack)
    await_end(stack, start(stack, document))
    return str(document["orderId"])


def event(detail_type: str, order_id: str) -> dict[str, Any]:
    return {
        "id": f"{detail_type} {order_id}",
        "detail-type": detail_type,
        "time": "2026-01-01T00:00:00Z",
        "detail": {"orderId": order_id},
    }


def test_who_cancels_before_the_mails_are_sent_does_not_hear_that_the_order_is_paid(
    stack: Stack, orders: Orders
) -> None:
    with unread(stack, "mails"):
        order_id = paid(stack, orders)
        assert api(stack).send("POST", f"/orders/{order_id}/cancel").status == 200
    settle(stack.cloud, stack.queues)

    assert subjects(stack, order_id) == ["is cancelled"]
    assert noted(stack, order_id) == {"OrderProcessed": "DROPPED", "OrderCancelled": "SENT"}


def test_who_paid_after_all_does_not_hear_that_the_payment_was_not_received(
    stack: Stack,
) -> None:
    (session,) = fulfillment(session=UNPAID, centers=1).sessions
    session_id = session["SessionId"]
    put(stack, "CustomerPaymentSession", **session)
    put(stack, "Inventory", ProductId="item-1", OnHand=10, Reserved=0)
    with unread(stack, "mails"):
        refused = await_end(stack, fulfill(stack, session_id))
        key = {"SessionId": session_id}
        change(stack, "CustomerPaymentSession", key, PaymentStatus="Success")
        await_end(stack, fulfill(stack, session_id, f"{session_id}-2"))
    settle(stack.cloud, stack.queues)

    assert refused["error"] == "PaymentNotReceived"
    assert row_of(stack, session_id)["State"] == "FULFILLED"
    assert subjects(stack, session_id) == ["is on its way"]
    assert noted(stack, session_id)["PaymentNotReceived"] == "DROPPED"


@pytest.mark.parametrize("backwards", [False, True])
def test_mails_of_an_order_never_overtake_each_other(
    stack: Stack, orders: Orders, backwards: bool
) -> None:
    with unread(stack, "mails"):
        order_id = paid(stack, orders)
        await_end(stack, fulfill(stack, order_id))
        kinds = ["OrderProcessed", "OrderFulfilled"]
        events = [event(kind, order_id) for kind in (kinds[::-1] if backwards else kinds)]
        for each in (*events, *events):
            assert invoke(stack, "notify_user", batch(each)) == {"batchItemFailures": []}
    settle(stack.cloud, stack.queues)

    both = ["is paid", "is on its way"]
    assert subjects(stack, order_id) == (both[1:] if backwards else both)


def test_events_that_come_again_when_all_is_over_notify_nobody_and_start_nothing(
    stack: Stack, orders: Orders
) -> None:
    """From an archive, say, which plays them once more: the row knows better by now."""
    fulfilled, cancelled = paid(stack, orders), paid(stack, orders)
    await_end(stack, fulfill(stack, fulfilled))
    api(stack).send("POST", f"/orders/{cancelled}/cancel")
    settle(stack.cloud, stack.queues)
    before = {each: (rows(stack, each), subjects(stack, each)) for each in (fulfilled, cancelled)}
    old = [
        *(event(kind, fulfilled) for kind in ("OrderProcessed", "OrderConfirmed", "OrderRejected")),
        *(event(kind, cancelled) for kind in ("OrderProcessed", "OrderFulfilled")),
        *(event("OrderCancelled", each) for each in (fulfilled, cancelled)),
    ]
    entries = [
        {
            "EventBusName": stack.outputs["eventBus"],
            "Source": "orders",
            "DetailType": each["detail-type"],
            "Detail": json.dumps(each["detail"]),
        }
        for each in old
    ]
    with following(stack, follow=True):
        stack.cloud.client("events").put_events(Entries=entries)
        await_followed(stack)

    for each, (kept, mailed) in before.items():
        found = rows(stack, each)
        assert {**found, "Notifications": None} == {**kept, "Notifications": None}
        assert subjects(stack, each) == mailed
        assert {*noted(stack, each).values()} == {"SENT", "DROPPED"}
    states = stack.cloud.client("stepfunctions")
    machine = stack.outputs["stateMachines"]["fulfillment"]
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine)
    started = [one["name"] for page in pages for one in page["executions"]]
    assert [name for name in started if name in (fulfilled, cancelled)] == [fulfilled]
