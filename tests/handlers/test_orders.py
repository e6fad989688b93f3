"""CustomerOrders rows as the functions beside the machine write them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.adapters.dynamodb import read, typed
from handlers.adapters.orders import Orders

NOW = "2026-01-01T12:00:00.000Z"
INPUT = {
    "orderId": "o-1",
    "customerId": "c-1",
    "email": "a@example.com",
    "currency": "USD",
    "orderTotal": 700,
    "items": [
        {"itemId": "a", "price": 500, "quantity": 1, "itemDescription": "Lamp"},
        {"itemId": "b", "price": 100, "quantity": 2},
    ],
    "payment": {"token": "tok_visa", "cardType": "VISA", "last4": "4242"},
    "requestedAt": "2026-01-01T11:00:00.000Z",
}
REFUSED = {
    "OrderId": "o-1",
    "State": "FAILED",
    "Reason": "ProcessingError",
    "Cause": "why",
    "Compensated": False,
    "CustomerId": "c-1",
    "Email": "a@example.com",
    "Address": None,
    "OrderTotal": 700,
    "Currency": "USD",
    "Items": [
        {"itemId": "a", "price": 500, "quantity": 1, "itemDescription": "Lamp"},
        {"itemId": "b", "price": 100, "quantity": 2, "itemDescription": None},
    ],
    "OrderStatus": "Failed",
    "PaymentStatus": "Unsuccessful",
    "ShippingStatus": "Unsuccessful",
    "RecoveredFrom": "arn",
    "CreatedAt": "2026-01-01T11:00:00.000Z",
    "UpdatedAt": NOW,
    "Unpublished": "yes",
}


def orders(client: Any) -> Orders:
    return Orders(client, "CustomerOrders", lambda: datetime(2026, 1, 1, 12, tzinfo=UTC))


def put(client: Any, **row: Any) -> None:
    client.put_item(TableName="CustomerOrders", Item=typed({"OrderId": "o-1", **row}))


def row(client: Any) -> dict[str, Any]:
    found = read(client, "CustomerOrders", OrderId="o-1")
    assert found is not None
    return found


def test_a_refusal_writes_the_row_as_the_machine_would_but_for_its_own_mark(dynamodb: Any) -> None:
    assert orders(dynamodb).refuse(INPUT, "arn", "ProcessingError", "why") == REFUSED
    assert row(dynamodb) == REFUSED


def test_a_refusal_of_a_pending_order_keeps_what_the_row_had(dynamodb: Any) -> None:
    put(dynamodb, State="PENDING", CreatedAt="2025-12-31", Email="b@c.de", Waiting="yes")
    found = orders(dynamodb).refuse(INPUT, "arn", "ProcessingError", "why")
    kept = {"CreatedAt": "2025-12-31", "Email": "b@c.de"}
    assert found == {**REFUSED, **kept}


@pytest.mark.parametrize("state", ["PROCESSED", "FAILED", "FULFILLED"])
def test_a_refusal_of_a_decided_order_changes_nothing(state: str, dynamodb: Any) -> None:
    put(dynamodb, State=state, Reason="OutOfStock")
    found = orders(dynamodb).refuse(INPUT, "arn", "ProcessingError", "why")
    assert found == row(dynamodb) == {"OrderId": "o-1", "State": state, "Reason": "OutOfStock"}


def test_a_refusal_needs_no_more_than_the_orders_id(dynamodb: Any) -> None:
    found = orders(dynamodb).refuse({"orderId": "o-1"}, "arn", "ProcessingError", "why")
    assert (found["State"], found["Items"], found["CreatedAt"]) == ("FAILED", [], NOW)
    assert "CustomerId" not in found


def test_a_cancelled_order_waits_until_nothing_is_left_to_undo(dynamodb: Any) -> None:
    put(dynamodb, State="PENDING", CancelRequested=True, Waiting="yes")
    cancelled = orders(dynamodb).cancel(INPUT, "arn")
    assert (cancelled["State"], cancelled["Reason"]) == ("CANCELLED", "OrderCancelled")
    assert (cancelled["OrderStatus"], cancelled["Compensated"]) == ("Failed", False)
    assert orders(dynamodb).settle("o-1", None, False)["Waiting"] == "yes"
    assert "Waiting" not in orders(dynamodb).settle("o-1", "Refunded", True)


@pytest.mark.parametrize("state", ["PROCESSED", "FAILED", "FULFILLED"])
def test_a_cancellation_of_a_decided_order_changes_nothing(state: str, dynamodb: Any) -> None:
    put(dynamodb, State=state)
    assert orders(dynamodb).cancel(INPUT, "arn") == {"OrderId": "o-1", "State": state}


def test_only_a_refused_order_is_settled(dynamodb: Any) -> None:
    put(dynamodb, State="PROCESSED")
    orders(dynamodb).settle("o-1", "Refunded", True)
    assert row(dynamodb) == {"OrderId": "o-1", "State": "PROCESSED"}
    put(dynamodb, State="FAILED", Compensated=False)
    orders(dynamodb).settle("o-1", "Refunded", True)
    assert (row(dynamodb)["Compensated"], row(dynamodb)["PaymentStatus"]) == (True, "Refunded")


def test_what_was_told_before_a_cancellation_does_not_tell_it(dynamodb: Any) -> None:
    put(dynamodb, State="CANCELLED", Unpublished="yes", UpdatedAt=NOW)
    assert not orders(dynamodb).mark_published("o-1", "OrderProcessed")
    assert orders(dynamodb).mark_published("o-1", "OrderCancelled")


def test_the_first_time_of_publication_is_kept(dynamodb: Any) -> None:
    put(dynamodb, State="FAILED", Unpublished="yes", UpdatedAt=NOW)
    assert orders(dynamodb).mark_published("o-1", "OrderRejected", "2026-01-02")
    assert orders(dynamodb).mark_published("o-1", "OrderRejected")
    assert row(dynamodb)["PublishedAt"] == "2026-01-02"
    assert "Unpublished" not in row(dynamodb)


def test_an_order_is_not_marked_by_an_outcome_it_does_not_have(dynamodb: Any) -> None:
    put(dynamodb, State="PROCESSED", Unpublished="yes", UpdatedAt=NOW)
    assert not orders(dynamodb).mark_published("o-1", "OrderRejected")
    assert row(dynamodb)["Unpublished"] == "yes"


def test_an_order_nobody_knows_is_not_made_up(dynamodb: Any) -> None:
    assert not orders(dynamodb).mark_published("o-1", "OrderRejected")
    assert orders(dynamodb).read("o-1") is None


def test_an_outcome_told_without_a_time_was_told_now(dynamodb: Any) -> None:
    put(dynamodb, State="FULFILLED")
    assert orders(dynamodb).mark_published("o-1", "OrderFulfilled")
    assert row(dynamodb)["PublishedAt"] == NOW


def test_unpublished_outcomes_are_found_by_age(dynamodb: Any) -> None:
    for name, updated in (("o-1", "2026-01-01"), ("o-2", "2026-01-03")):
        put(dynamodb, OrderId=name, State="FAILED", Unpublished="yes", UpdatedAt=updated)
    put(dynamodb, OrderId="o-3", State="FAILED", UpdatedAt="2026-01-01")
    found = orders(dynamodb).unpublished(before="2026-01-02")
    assert [each["OrderId"] for each in found] == ["o-1"]
