"""What is told of a fulfilled order and of one that was not paid: events, marks and mails."""

from typing import Any

import pytest

from handlers.adapters.dynamodb import read, typed
from handlers.adapters.orders import Orders
from handlers.domain.mails import mail
from handlers.domain.outcomes import Event, outcome_event

FULFILLED: dict[str, Any] = {
    "OrderId": "o-1",
    "State": "FULFILLED",
    "CustomerId": "c-1",
    "Email": "ada@example.com",
    "Address": "221B Baker Street",
    "OrderTotal": 1500,
    "Currency": "USD",
    "ArrivalDate": "2026-01-15",
    "Shipments": [
        {
            "fulfillmentCenterId": "fc-far",
            "arrivalDate": "2026-01-15",
            "labelKey": "labels/o-1/fc-far.zpl",
            "products": [{"id": "p1", "name": "A <b>lamp</b>\nof $total", "quantity": 2}],
        },
        {
            "fulfillmentCenterId": "fc-1",
            "arrivalDate": "2026-01-07",
            "labelKey": "labels/o-1/fc-1.zpl",
            "products": [{"id": "p2", "name": None, "price": None, "quantity": 1}],
        },
    ],
}
UNPAID = {"OrderId": "o-1", "State": "FAILED", "Reason": "PaymentNotReceived", "Cause": "why"}


def put(client: Any, **row: Any) -> None:
    client.put_item(TableName="CustomerOrders", Item=typed({"OrderId": "o-1", **row}))


def test_a_fulfilled_orders_event_tells_when_it_arrives_and_nothing_personal() -> None:
    assert outcome_event(FULFILLED) == Event(
        "OrderFulfilled",
        {
            "orderId": "o-1",
            "customerId": "c-1",
            "orderTotal": 1500,
            "currency": "USD",
            "reason": "",
            "arrivalDate": "2026-01-15",
            "shipments": [
                {
                    "fulfillmentCenterId": "fc-far",
                    "arrivalDate": "2026-01-15",
                    "products": [{"id": "p1", "name": "A <b>lamp</b>\nof $total", "quantity": 2}],
                },
                {
                    "fulfillmentCenterId": "fc-1",
                    "arrivalDate": "2026-01-07",
                    "products": [{"id": "p2", "quantity": 1}],
                },
            ],
        },
    )


def test_a_checkouts_fulfilled_order_is_told_like_any_other() -> None:
    event = outcome_event({**FULFILLED, "CartId": "835235"})
    assert event is not None
    assert event.detail_type == "OrderFulfilled"


def test_an_order_that_was_not_paid_is_told_as_that() -> None:
    detail = {"orderId": "o-1", "reason": "PaymentNotReceived", "cause": "why"}
    assert outcome_event(UNPAID) == Event("PaymentNotReceived", detail)


@pytest.mark.parametrize(
    ("state", "late", "own"),
    [
        ("FULFILLED", "OrderProcessed", "OrderFulfilled"),
        ("FULFILLED", "OrderConfirmed", "OrderFulfilled"),
        ("FULFILLED", "PaymentNotReceived", "OrderFulfilled"),
        ("PROCESSED", "OrderFulfilled", "OrderProcessed"),
        ("PROCESSED", "OrderFulfilled", "OrderConfirmed"),
        ("FAILED", "OrderFulfilled", "PaymentNotReceived"),
    ],
)
def test_an_order_is_marked_as_told_only_by_what_it_is_now(
    state: str, late: str, own: str, dynamodb: Any
) -> None:
    orders = Orders(dynamodb, "CustomerOrders")
    put(dynamodb, State=state, Unpublished="yes", UpdatedAt="2026-01-01")
    assert not orders.mark_published("o-1", late)
    row = read(dynamodb, "CustomerOrders", OrderId="o-1") or {}
    assert ("Unpublished" in row, "PublishedAt" in row) == (True, False)
    assert orders.mark_published("o-1", own)
    assert list(orders.unpublished(before="2027")) == []


def test_the_mail_of_a_fulfilled_order_in_full() -> None:
    written = mail("OrderFulfilled", FULFILLED)
    assert written.subject == "Your order o-1 is on its way"
    assert written.text == (
        "Good news: your order o-1 is on its way.\n\n"
        "All of it is there by 2026-01-15.\n\n"
        "Shipment 1 of 2, from fc-far, arrives by 2026-01-15:\n"
        "- 2 x A <b>lamp</b> of $total\n\n"
        "Shipment 2 of 2, from fc-1, arrives by 2026-01-07:\n"
        "- 1 x p2\n"
    )
    assert (
        "<p>Shipment 1 of 2, from fc-far, arrives by 2026-01-15:<br>"
        "- 2 x A &lt;b&gt;lamp&lt;/b&gt; of $total</p>" in written.html
    )


@pytest.mark.parametrize("missing", [{"OrderTotal": None}, {"Currency": None}])
def test_an_order_whose_total_nobody_knows_gets_its_mail_all_the_same(
    missing: dict[str, None],
) -> None:
    assert mail("OrderFulfilled", {**FULFILLED, **missing}) == mail("OrderFulfilled", FULFILLED)


def test_who_has_not_paid_reads_that_nothing_is_shipped() -> None:
    written = mail("PaymentNotReceived", UNPAID)
    assert written.subject == "The payment of your order o-1 was not received"
    assert "nothing of it is shipped" in written.text
    assert "check your means of payment" in written.html
