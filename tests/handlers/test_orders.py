"""CustomerOrders rows as the functions beside the machine end them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.orders.adapters.order_rows import Orders
from handlers.shared.adapters.dynamodb import read, typed

NOW = "2026-01-01T12:00:00.000Z"
BEFORE = "2026-01-01T11:00:00.000Z"
WHY = {"Reason": "ProcessingError", "Cause": "why"}
FENCED = {
    "OrderId": "o-1",
    "State": "FAILED",
    **WHY,
    "OrderStatus": "Failed",
    "ExecutionArn": "arn",
    "UpdatedAt": NOW,
    "Waiting": "yes",
}
DECIDED = ("PROCESSED", "FAILED", "CANCELLED", "FULFILLED", "REFUNDED")


def orders(client: Any) -> Orders:
    return Orders(client, "CustomerOrders", lambda: datetime(2026, 1, 1, 12, tzinfo=UTC))


def put(client: Any, **row: Any) -> dict[str, Any]:
    found = {"OrderId": "o-1", **row}
    client.put_item(TableName="CustomerOrders", Item=typed(found))
    return found


def row(client: Any) -> dict[str, Any]:
    found = read(client, "CustomerOrders", OrderId="o-1")
    assert found is not None
    return found


def test_a_fence_needs_no_more_than_the_orders_id(dynamodb: Any) -> None:
    assert orders(dynamodb).fence("o-1", "arn", WHY) == FENCED
    assert row(dynamodb) == FENCED


def test_a_fence_of_a_pending_order_keeps_what_describes_it_and_what_became_of_its_payment(
    dynamodb: Any,
) -> None:
    known = {"CreatedAt": BEFORE, "Email": "b@c.de", "PaymentStatus": "Pending", "Items": []}
    put(dynamodb, State="PENDING", Waiting="yes", UpdatedAt=BEFORE, **known)
    assert orders(dynamodb).fence("o-1", "arn", WHY) == {**FENCED, **known}


@pytest.mark.parametrize("state", DECIDED)
def test_a_fence_of_a_decided_order_changes_nothing(state: str, dynamodb: Any) -> None:
    before = put(dynamodb, State=state, Reason="OutOfStock", ExecutionArn="another")
    assert orders(dynamodb).fence("o-1", "arn", WHY) == row(dynamodb) == before


def test_a_repeated_fence_changes_nothing(dynamodb: Any) -> None:
    orders(dynamodb).fence("o-1", "arn", WHY)
    assert orders(dynamodb).fence("o-1", "another", {**WHY, "Cause": "else"}) == FENCED


def test_an_order_whose_customer_asked_for_it_is_cancelled_and_waits_to_be_compensated(
    dynamodb: Any,
) -> None:
    put(dynamodb, State="PENDING", CancelRequested=True, PaymentStatus="Pending")
    assert orders(dynamodb).fence_cancelled("o-1", "arn") == {
        **FENCED,
        "State": "CANCELLED",
        "Reason": "OrderCancelled",
        "Cause": "the customer cancelled the order",
        "CancelRequested": True,
        "PaymentStatus": "Pending",
    }


@pytest.mark.parametrize(
    "columns",
    [
        {"State": "PENDING"},
        {"State": "PENDING", "CancelRequested": False},
        *({"State": state, "CancelRequested": True} for state in DECIDED),
    ],
)
def test_no_other_order_is_cancelled(columns: dict[str, Any], dynamodb: Any) -> None:
    before = put(dynamodb, **columns)
    assert orders(dynamodb).fence_cancelled("o-1", "arn") == row(dynamodb) == before


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_a_closed_order_says_so_by_whom_and_waits_no_longer(state: str, dynamodb: Any) -> None:
    before = put(dynamodb, State=state, Waiting="yes", HandedOverAt=BEFORE, ExecutionArn="arn")
    orders(dynamodb).close("o-1", "another", "Refunded", {})
    del before["Waiting"]
    assert row(dynamodb) == {
        **before,
        "ClosedAt": NOW,
        "ClosedBy": "another",
        "PaymentStatus": "Refunded",
        "ShippingStatus": "Unsuccessful",
        "UpdatedAt": NOW,
    }


def test_the_first_close_stays(dynamodb: Any) -> None:
    before = put(dynamodb, State="FAILED", ClosedAt=BEFORE, ClosedBy="arn", PaymentStatus="X")
    orders(dynamodb).close("o-1", "another", "Refunded", {"CustomerId": "c-1"})
    assert row(dynamodb) == before


@pytest.mark.parametrize("state", ["PENDING", "PROCESSED", "FULFILLED", "REFUNDED", None])
def test_only_a_refused_or_cancelled_order_is_closed_or_handed_over(
    state: str | None, dynamodb: Any
) -> None:
    before = None if state is None else put(dynamodb, State=state)
    orders(dynamodb).close("o-1", "arn", "Refunded", {"CustomerId": "c-1"})
    orders(dynamodb).hand_over("o-1", {"CustomerId": "c-1"})
    assert orders(dynamodb).read("o-1") == before


def test_a_description_fills_in_what_is_missing_and_no_more(dynamodb: Any) -> None:
    put(dynamodb, State="FAILED", Email=None, CustomerId="c-1")
    known = {"Email": "a@example.com", "CustomerId": "c-2", "Currency": "USD"}
    orders(dynamodb).close("o-1", "arn", "Unsuccessful", known)
    found = {name: row(dynamodb).get(name) for name in known}
    assert found == {"Email": None, "CustomerId": "c-1", "Currency": "USD"}


def test_an_order_is_handed_over_once_and_stays_open(dynamodb: Any) -> None:
    before = put(dynamodb, State="FAILED", Waiting="yes", UpdatedAt=BEFORE)
    orders(dynamodb).hand_over("o-1", {"CustomerId": "c-1"})
    assert row(dynamodb) == {**before, "HandedOverAt": NOW, "CustomerId": "c-1"}
    put(dynamodb, State="FAILED", HandedOverAt=BEFORE)
    orders(dynamodb).hand_over("o-1", {})
    assert row(dynamodb)["HandedOverAt"] == BEFORE


def test_an_order_that_is_closed_is_not_handed_over_any_more(dynamodb: Any) -> None:
    before = put(dynamodb, State="FAILED", ClosedAt=BEFORE, ClosedBy="arn")
    orders(dynamodb).hand_over("o-1", {"CustomerId": "c-1"})
    assert row(dynamodb) == before
