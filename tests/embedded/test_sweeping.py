"""Orders that nobody finishes but a schedule, each sweep under its function's own role."""

import json
from typing import Any
from uuid import uuid4

import pytest

from handlers.shared.rules.clock import timestamp, utc_now
from local import evidence, tables
from local.functions import scheduled
from local.orders import machine_input
from local.settling import settle
from local.stack import Stack
from tests.embedded.conftest import Judge, Orders
from tests.embedded.helpers import (
    arn_of,
    expire,
    holding,
    invoke,
    put,
    put_pending,
    put_stock,
    row_of,
    start,
    stop,
    sweep,
)
from tests.embedded.intake import unread
from tests.embedded.seen import ledger, rows
from tests.emulator.bench import until

CART = "cart-left-behind"
FULL = {"onHand": 100, "reserved": 0}


def leave_behind(stack: Stack, *, execution: str = "", **cart: Any) -> str:
    """An order with a reservation that ran out, of an execution that nobody knows any more.

    Its row names the execution if one is given.
    """
    order_id = str(uuid4())
    forgotten = arn_of(stack, "checkout" if cart else "order_processing", order_id)
    own = {"OrderId": order_id, "ExecutionArn": forgotten, **cart}
    named = {"ExecutionArn": execution} if execution else {}
    named["UpdatedAt"] = timestamp(utc_now())
    put_pending(stack, order_id, OrderTotal=20, Currency="USD", CustomerId="c-1", **cart, **named)
    put_stock(stack, on_hand=98, reserved=2)
    put(
        stack,
        "Reservations",
        **own,
        Status="RESERVED",
        Expiring="yes",
        ExpiresAt=1,
        Items=[{"itemId": "item-1", "quantity": 2}],
    )
    if cart:
        put(stack, "Carts", **own, Status="OPEN", Attempt=1)
    return order_id


def run_schedule(stack: Stack, module: str) -> None:
    """Have the stack's schedule of a function fire once, now, with all that it has."""
    scheduler, function = stack.cloud.client("scheduler"), scheduled(stack)[module]
    (name,) = [
        each["Name"]
        for each in scheduler.list_schedules()["Schedules"]
        if each["Target"]["Arn"].endswith(f":{function}")
    ]
    scheduler.create_schedule(
        Name=f"now-{uuid4()}",
        ScheduleExpression="at(2026-01-01T00:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target=scheduler.get_schedule(Name=name)["Target"],
    )


def test_a_schedule_reaches_its_function_with_its_own_role(stack: Stack) -> None:
    order_id = leave_behind(stack)
    run_schedule(stack, "sweep_orders")
    until(lambda: "ClosedBy" in row_of(stack, order_id))  # the last of what a sweep writes
    settle(stack.cloud, stack.queues)

    assert row_of(stack, order_id)["State"] == "FAILED"
    assert evidence.stock(stack, ["item-1"])["item-1"] == FULL


@pytest.mark.parametrize("cart", [{}, {"CartId": CART}], ids=["order", "checkout"])
def test_an_order_whose_execution_is_forgotten_is_finished_by_its_reservation(
    stack: Stack, cart: dict[str, Any]
) -> None:
    order_id = leave_behind(stack, **cart)
    execution = arn_of(stack, "checkout" if cart else "order_processing", order_id)
    assert invoke(stack, "sweep_orders")["reservations"] >= 1
    settle(stack.cloud, stack.queues)

    row = row_of(stack, order_id)
    assert (row["State"], row["ClosedBy"], row["OrderStatus"]) == ("FAILED", execution, "Failed")
    assert "Waiting" not in row
    assert evidence.stock(stack, ["item-1"])["item-1"] == FULL
    (review,) = evidence.manual_review(stack, order_id)
    assert (review["Step"], review["ExecutionArn"]) == ("Recovery", execution)
    for name in cart:
        found = tables.row(stack, "Carts", {name: CART})
        assert found is not None
        assert found["Status"] == "FAILED"


def test_a_reservation_that_ran_out_is_released_once_its_execution_has_ended(
    stack: Stack, orders: Orders
) -> None:
    """It is paid by then, and both come back; the event of the execution's end never came."""
    order = machine_input(stack, orders.scenario())
    put_stock(stack)
    with unread(stack, "unhappy-executions"):
        with holding(stack, "CapturePayment") as standing:
            execution = start(stack, order)
            standing()
            expire(stack, order["orderId"])
            invoke(stack, "sweep_orders")
            held = evidence.stock(stack, ["item-1"])["item-1"]
            stack.cloud.client("stepfunctions").stop_execution(executionArn=execution)
        invoke(stack, "sweep_orders")
        swept = rows(stack, order["orderId"])
        released = evidence.stock(stack, ["item-1"])["item-1"]
    settle(stack.cloud, stack.queues)

    assert held == {"onHand": 98, "reserved": 2}, "the execution still ran"
    assert released == FULL
    assert swept["CustomerOrders"]["ClosedBy"] == execution
    assert ledger(stack, order["orderId"]) == ["authorize", "capture", "refund"]
    after = rows(stack, order["orderId"])
    assert {**after, "Notifications": None} == {**swept, "Notifications": None}


def test_a_checkout_that_waits_for_a_forgotten_execution_is_undone_and_reviewed_once(
    stack: Stack,
) -> None:
    execution = arn_of(stack, "checkout", "forgotten")
    order_id = leave_behind(stack, execution=execution, CartId=CART)
    expire(stack, order_id, at=9_999_999_999)
    answered = sweep(stack, order_id)

    row = row_of(stack, order_id)
    assert answered["orders"] >= 1
    assert (row["State"], row["ClosedBy"]) == ("FAILED", execution)
    assert evidence.stock(stack, ["item-1"])["item-1"] == FULL
    steps = sorted(review["Step"] for review in evidence.manual_review(stack, order_id))
    assert steps == ["Intake", "Recovery"], "it had been PENDING for more than a day"


def test_a_waiting_order_whose_machine_held_nothing_is_ended(
    stack: Stack, judge: Judge, orders: Orders
) -> None:
    """A tombstone takes the reservation's place, so that none can land late."""
    order = judge.run(orders.scenario(stock={"item-1": 0})).order
    assert order is not None
    order_id, key = order["OrderId"], {"OrderId": {"S": order["OrderId"]}}
    stack.cloud.client("dynamodb").delete_item(TableName=stack.table("Reservations"), Key=key)
    put_pending(stack, order_id, CustomerId="c-1", OrderTotal=2000, Currency="USD")
    sweep(stack, order_id)

    row = row_of(stack, order_id)
    assert (row["State"], row["ClosedBy"]) == ("FAILED", order["ClosedBy"])
    tombstone = tables.row(stack, "Reservations", {"OrderId": order_id})
    assert tombstone is not None
    assert tombstone["Status"] == "RELEASED"


@pytest.mark.parametrize("step", ["CapturePayment", "Recovery"])
def test_a_review_of_an_execution_that_stands_is_kept_whoever_finishes_the_order(
    stack: Stack, step: str
) -> None:
    order_id = leave_behind(stack)
    execution = arn_of(stack, "order_processing", order_id)
    earlier = {"OrderId": order_id, "ReviewId": f"{step} {execution}", "Step": step}
    put(stack, "ManualReview", **earlier, ExecutionArn=execution, Reason="an earlier look", Done="")
    invoke(stack, "sweep_orders")
    settle(stack.cloud, stack.queues)

    (review,) = evidence.manual_review(stack, order_id)
    assert (review["Step"], review["Reason"]) == (step, "an earlier look")
    assert row_of(stack, order_id)["ClosedBy"] == execution


def test_an_execution_is_stopped_while_a_sweep_is_due_and_the_order_is_closed_once(
    stack: Stack, orders: Orders
) -> None:
    order = machine_input(stack, orders.scenario())
    put_stock(stack)
    with holding(stack, "ReserveStock") as standing:
        start(stack, order)
        stop(stack, standing())
    before = rows(stack, order["orderId"])
    for module in ("sweep_executions", "sweep_orders"):
        invoke(stack, module)
    settle(stack.cloud, stack.queues)

    assert before["CustomerOrders"]["ClosedAt"]
    assert rows(stack, order["orderId"]) == before


def test_the_sweeper_may_write_no_order_that_is_not_there_yet(stack: Stack) -> None:
    policies = (
        json.loads(made.inputs["policy"])
        for made in stack.deployment.registrations
        if made.name == "sweep-orders-policy"
    )
    writes = {
        action
        for policy in policies
        for statement in policy["Statement"]
        if any(stack.table("CustomerOrders") in resource for resource in statement["Resource"])
        for action in statement["Action"]
    }
    assert "dynamodb:UpdateItem" in writes
    assert "dynamodb:PutItem" not in writes
