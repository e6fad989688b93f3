"""Reservations that ran out after their execution was forgotten, under the sweeper's own role."""

import json
from typing import Any
from uuid import uuid4

import pytest

from local import evidence, tables
from local.rows import typed
from local.settling import settle
from local.stack import Stack
from tests.embedded.helpers import invoke, put_pending, put_stock

CART = "cart-left-behind"


def leave_behind(stack: Stack, **cart: Any) -> str:
    """An order with a reservation that ran out, of an execution that nobody knows any more."""
    order_id = str(uuid4())
    machine = stack.outputs["stateMachines"]["checkout" if cart else "order_processing"]
    execution = f"{machine.replace(':stateMachine:', ':execution:')}:{order_id}"
    own = {"OrderId": order_id, "ExecutionArn": execution, **cart}
    reservation = {
        **own,
        "Status": "RESERVED",
        "Expiring": "yes",
        "ExpiresAt": 1,
        "Items": [{"itemId": "item-1", "quantity": 2}],
    }
    put_pending(stack, order_id, OrderTotal=20, Currency="USD", CustomerId="c-1", **cart)
    put_stock(stack, on_hand=98, reserved=2)
    put(stack, "Reservations", reservation)
    if cart:
        put(stack, "Carts", {**own, "Status": "OPEN", "Attempt": 1})
    return order_id


def put(stack: Stack, table: str, row: dict[str, Any]) -> None:
    stack.cloud.client("dynamodb").put_item(TableName=stack.table(table), Item=typed(row))


@pytest.mark.parametrize("cart", [{}, {"CartId": CART}], ids=["order", "checkout"])
def test_an_order_whose_execution_is_forgotten_is_finished_by_its_reservation(
    stack: Stack, cart: dict[str, str]
) -> None:
    order_id = leave_behind(stack, **cart)
    invoke(stack, "sweep-reservations")
    settle(stack.cloud, stack.queues)

    row = evidence.order_row(stack, order_id)
    assert row is not None
    assert (row["State"], row["Compensated"], row["OrderStatus"]) == ("FAILED", True, "Failed")
    assert row["PublishedAt"]
    assert evidence.stock(stack, ["item-1"])["item-1"] == {"onHand": 100, "reserved": 0}
    (review,) = evidence.manual_review(stack, order_id)
    assert "Untold" not in review
    for name in cart:
        found = tables.row(stack, "Carts", {name: CART})
        assert found is not None
        assert found["Status"] == "FAILED"


def test_the_sweeper_may_write_nothing_that_is_not_there_yet(stack: Stack) -> None:
    granted = {
        action
        for made in stack.deployment.registrations
        if made.name == "sweep-reservations-policy"
        for statement in json.loads(made.inputs["policy"])["Statement"]
        for action in statement["Action"]
    }
    assert "dynamodb:UpdateItem" in granted
    assert "dynamodb:PutItem" not in granted
