"""What stands in the rows once an order is recorded, and what stays of those that were there."""

from typing import Any

import pytest

from tests.workflows.machines import EXECUTION, State, perform
from tests.workflows.rows import CARTS, ORDERS, RESERVATIONS, put, read, variables
from workflows import DEFINITIONS

RECORDS: dict[str, State] = {
    name: DEFINITIONS[machine]()["States"][name]
    for machine, name in (("order_processing", "RecordOrder"), ("checkout", "ConfirmOrder"))
}
BEFORE = {"RecordOrder": "pending", "ConfirmOrder": "of a cart"}


def recorded(client: Any, name: str, before: str | None = None) -> dict[str, Any]:
    """The order's row after its record."""
    put(client, "CustomerOrders", ORDERS[before or BEFORE[name]])
    expiring = {"Expiring": "yes", "ExpiresAt": 1}
    put(client, "Reservations", {**(RESERVATIONS["reserved"] or {}), **expiring})
    put(client, "Carts", CARTS["open"])
    perform(client, RECORDS[name], variables())
    return read(client, "CustomerOrders", "o-1")


@pytest.mark.parametrize("name", RECORDS)
def test_a_recorded_order_is_paid_by_this_execution_and_waits_no_more(
    dynamodb: Any, name: str
) -> None:
    row = recorded(dynamodb, name)

    assert (row["State"], row["OrderStatus"]) == ("PROCESSED", "Confirmed")
    assert (row["PaymentStatus"], row["ExecutionArn"]) == ("Successful", EXECUTION)
    assert "Waiting" not in row


@pytest.mark.parametrize("name", RECORDS)
def test_a_recorded_order_keeps_what_its_row_said_of_it(dynamodb: Any, name: str) -> None:
    row = recorded(dynamodb, name)

    kept = dict(ORDERS[BEFORE[name]] or {})
    for column in ("CustomerId", "CreatedAt", "CartId"):
        assert row.get(column) == kept.get(column), column


def test_an_order_that_nobody_accepted_gets_a_row_that_describes_it(dynamodb: Any) -> None:
    row = recorded(dynamodb, "RecordOrder", "absent")

    assert (row["State"], row["ChargeId"], row["OrderTotal"]) == ("PROCESSED", "ch", 500)
    assert (row["CustomerId"], row["CreatedAt"]) == ("c-1", "2026-01-01T00:00:00.000Z")
    assert [item["itemId"] for item in row["Items"]] == ["item-0"]


@pytest.mark.parametrize("name", RECORDS)
def test_with_the_order_its_payment_record_is_made_and_its_stock_is_the_customers(
    dynamodb: Any, name: str
) -> None:
    recorded(dynamodb, name)

    session = read(dynamodb, "CustomerPaymentSession", "o-1")
    assert (session["PaymentStatus"], session["CustomerId"]) == ("Success", "c-1")
    assert [product["id"] for product in session["Products"]] == ["item-0"]
    reservation = read(dynamodb, "Reservations", "o-1")
    assert reservation["Status"] == "COMMITTED"
    assert not {"Expiring", "ExpiresAt"} & set(reservation)


def test_a_confirmed_checkouts_cart_is_confirmed_and_shipping_is_found(dynamodb: Any) -> None:
    row = recorded(dynamodb, "ConfirmOrder")

    assert row["ShippingStatus"] == "Successful"
    assert read(dynamodb, "Carts", "cart-1")["Status"] == "CONFIRMED"


def test_a_processed_orders_shipping_is_pending(dynamodb: Any) -> None:
    assert recorded(dynamodb, "RecordOrder")["ShippingStatus"] == "Pending"
