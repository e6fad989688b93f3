"""Recoveries that find an earlier one's traces, each under its function's own role."""

import json
from typing import Any
from uuid import uuid4

import pytest

from local import evidence, tables
from local.history import journey, read_history
from local.orders import machine_input
from local.runner import Runner
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.helpers import batch, invoke, put, put_pending, put_stock
from tests.embedded.test_checkout import scenario as cart_scenario
from tests.embedded.test_sweeping import CART, leave_behind

REVIEW = {"Failed": "an earlier look", "ToDo": "see", "CreatedAt": "2026-01-01T00:00:00.000Z"}


def ended(execution: str, **detail: Any) -> dict[str, Any]:
    """The event of an execution's end, with no more detail than is given."""
    return {
        "id": str(uuid4()),
        "detail-type": "Step Functions Execution Status Change",
        "time": "2026-01-01T00:00:00Z",
        "detail": {"executionArn": execution, "status": "FAILED", **detail},
    }


def failed_execution(stack: Stack, runner: Runner, orders: Any, workflow: str) -> str:
    if workflow == "fulfillment":
        machine = stack.outputs["stateMachines"][workflow]
        states = stack.cloud.client("stepfunctions")
        session = json.dumps({"SessionId": str(uuid4())})
        started = states.start_execution(stateMachineArn=machine, input=session)
        return str(await_end(stack, started["executionArn"])["executionArn"])
    short = orders.scenario(stock={"item-1": 0})
    row = runner.run(cart_scenario(stock={"Orange": 0}) if workflow == "checkout" else short).order
    assert row is not None
    return str(row["ExecutionArn"])


@pytest.mark.parametrize("workflow", ["order_processing", "checkout", "fulfillment"])
def test_an_end_that_is_told_without_its_input_is_looked_up(
    stack: Stack, runner: Runner, orders: Any, workflow: str
) -> None:
    execution = failed_execution(stack, runner, orders, workflow)

    assert invoke(stack, "reconcile-order", batch(ended(execution))) == {"batchItemFailures": []}


@pytest.mark.parametrize("given", ["{}", "[]", '"x"', '{"SessionId": ""}'])
def test_an_execution_that_names_no_order_ends_in_a_sentence_and_is_done_with(
    stack: Stack, given: str
) -> None:
    states = stack.cloud.client("stepfunctions")
    started = {
        name: states.start_execution(stateMachineArn=arn, input=given)["executionArn"]
        for name, arn in stack.outputs["stateMachines"].items()
    }
    ends = {name: await_end(stack, execution) for name, execution in started.items()}
    settle(stack.cloud, stack.queues)

    assert {name: end["error"] for name, end in ends.items()} == {
        "order_processing": "ProcessingError",
        "checkout": "InvalidOrder",
        "fulfillment": "SessionNotFound",
    }
    assert ends["fulfillment"]["cause"].startswith("the input names no session")
    assert evidence.manual_review(stack, started["fulfillment"].rpartition(":")[2])
    history = read_history(states, started["fulfillment"])
    assert journey(history).transitions <= 5


def test_a_review_that_a_crash_left_behind_is_kept_by_the_reconciler(
    stack: Stack, orders: Any
) -> None:
    order = machine_input(stack, orders.scenario())
    put_pending(stack, order["orderId"], CustomerId="c-1", OrderTotal=2000, Currency="USD")
    put(stack, "ManualReview", OrderId=order["orderId"], Step="Recovery", **REVIEW)
    machine = stack.outputs["stateMachines"]["order_processing"]
    execution = f"{machine.replace(':stateMachine:', ':execution:')}:{order['orderId']}"
    told = ended(execution, input=json.dumps(order), error="States.Runtime", cause="why")

    assert invoke(stack, "reconcile-order", batch(told)) == {"batchItemFailures": []}

    row = evidence.order_row(stack, order["orderId"])
    assert row is not None
    assert (row["State"], row["Compensated"]) == ("FAILED", True)
    (review,) = evidence.manual_review(stack, order["orderId"])
    assert review["Failed"] == REVIEW["Failed"]


@pytest.mark.parametrize("cart", [{}, {"CartId": CART}], ids=["order", "checkout"])
def test_the_sweeper_of_reservations_keeps_a_review_that_was_asked_for(
    stack: Stack, cart: dict[str, str]
) -> None:
    order_id = leave_behind(stack, **cart)
    step = "FailCheckout" if cart else "Recovery"
    put(stack, "ManualReview", OrderId=order_id, Step=step, **REVIEW)
    invoke(stack, "sweep-reservations")
    settle(stack.cloud, stack.queues)

    (review,) = evidence.manual_review(stack, order_id)
    assert review["Failed"] == REVIEW["Failed"]


def test_a_checkout_that_waits_for_a_forgotten_execution_is_undone_and_reviewed_once(
    stack: Stack,
) -> None:
    order_id = leave_behind(stack, CartId=CART)
    reservation = tables.row(stack, "Reservations", {"OrderId": order_id})
    assert reservation is not None
    execution = reservation["ExecutionArn"]
    put_pending(stack, order_id, CartId=CART, ExecutionArn=execution, OrderTotal=20, Currency="USD")
    put(stack, "ManualReview", OrderId=order_id, Step="Intake", **REVIEW)
    invoke(stack, "sweep-orders")
    settle(stack.cloud, stack.queues)

    row = evidence.order_row(stack, order_id)
    assert row is not None
    assert (row["State"], row["Compensated"]) == ("FAILED", True)
    assert evidence.stock(stack, ["item-1"])["item-1"] == {"onHand": 100, "reserved": 0}
    reviews = {one["Step"]: one["Failed"] for one in evidence.manual_review(stack, order_id)}
    assert reviews["Intake"] == REVIEW["Failed"]


def test_a_waiting_order_whose_machine_reserved_nothing_is_ended(
    stack: Stack, runner: Runner, orders: Any
) -> None:
    """A tombstone takes the reservation's place, so that none can land late."""
    put_stock(stack)
    order = runner.run(orders.scenario(stock={"item-1": 0})).order
    assert order is not None
    lost = {"OrderId": order["OrderId"]}
    stack.cloud.client("dynamodb").delete_item(
        TableName=stack.table("Reservations"), Key={"OrderId": {"S": order["OrderId"]}}
    )
    put_pending(stack, order["OrderId"], CustomerId="c-1", OrderTotal=2000, Currency="USD")
    invoke(stack, "sweep-orders")
    settle(stack.cloud, stack.queues)

    row = evidence.order_row(stack, order["OrderId"])
    assert row is not None
    assert (row["State"], row["Compensated"]) == ("FAILED", True)
    tombstone = tables.row(stack, "Reservations", lost)
    assert tombstone is not None
    assert tombstone["Status"] == "RELEASED"
