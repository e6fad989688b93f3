"""Executions that end where no state can catch it, and what the reconciler does about each."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from local import evidence
from local.orders import machine_input
from local.scenario import Action, Fault
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.conftest import Judge, Orders
from tests.embedded.helpers import (
    arn_of,
    batch,
    ended,
    holding,
    invoke,
    put,
    put_pending,
    put_stock,
    row_of,
    start,
    stop,
)
from tests.embedded.intake import unread
from tests.embedded.seen import ledger, operations, order, outcomes, published, rows, steps
from tests.embedded.test_checkout import scenario as checkout

BROKEN = Fault("CapturePayment", "Some.Error", "after")
PROCESSED = ("AuthorizePayment", "ReserveStock", "CapturePayment", "RecordOrder")
REFUSED = ("RecordRefusal", "VoidPayment", "ReleaseStock", "RecordManualReview", "CloseOrder")
OWN_NAMES = ("OutOfStock", "ProcessingError", "OrderCancelled")
VOIDED, REFUNDED = ["authorize", "void"], ["authorize", "capture", "refund"]
GIVEN_BACK = {"onHand": 1_000_000, "reserved": 0}


@pytest.mark.parametrize("state", [*PROCESSED, *REFUSED])
def test_an_execution_that_is_stopped_anywhere_is_undone_closed_and_reviewed(
    judge: Judge, orders: Orders, state: str
) -> None:
    """Under which name it is stopped says nothing: every one here is a name of the machine's."""
    error = OWN_NAMES[(*PROCESSED, *REFUSED).index(state) % len(OWN_NAMES)]
    broken = [BROKEN] if state in REFUSED else []
    result = judge.run(orders.scenario(*broken, actions=(Action("stop", state, error),)))

    assert (result.status, result.error) == ("ABORTED", error)
    if state == "RecordOrder":
        assert (order(result)["State"], result.manualReview) == ("PROCESSED", [])
        return
    assert order(result)["State"] == "FAILED"
    assert order(result)["ClosedBy"] == result.execution
    assert operations(result) in (VOIDED, REFUNDED)
    assert result.stock["item-1"] == GIVEN_BACK
    assert outcomes(result) == ["OrderRejected"]
    reviewed_by_itself = state in ("RecordManualReview", "CloseOrder")
    assert steps(result) == ["CapturePayment" if reviewed_by_itself else "Recovery"]


@pytest.mark.parametrize(
    ("error", "state", "when", "money"),
    [
        ("States.Runtime", "CapturePayment", "before", VOIDED),
        ("States.DataLimitExceeded", "CapturePayment", "after", REFUNDED),
        ("States.Runtime", "RecordOrder", "before", REFUNDED),
        ("States.DataLimitExceeded", "RecordOrder", "after", REFUNDED[:2]),
    ],
)
def test_an_error_that_nothing_catches_is_undone_by_the_reconciler_or_the_order_stands(
    judge: Judge, orders: Orders, error: str, state: str, when: str, money: list[str]
) -> None:
    result = judge.run(orders.scenario(Fault(state, error, when)))

    assert (result.status, result.error, result.path[-1]) == ("FAILED", error, state)
    assert operations(result) == money
    assert len(result.emails) == 1
    if money == REFUNDED[:2]:
        assert (order(result)["State"], published(result)) == ("PROCESSED", ["OrderProcessed"])
        assert result.stock["item-1"] == {"onHand": 999_998, "reserved": 2}
        return
    assert (order(result)["State"], order(result)["Reason"]) == ("FAILED", "ProcessingError")
    assert order(result)["ClosedBy"] == result.execution
    assert result.stock["item-1"] == GIVEN_BACK
    assert published(result) == ["ManualReviewRequired", "OrderRejected"]


def test_an_end_of_which_no_event_came_is_found_by_a_schedule(stack: Stack, orders: Orders) -> None:
    order = machine_input(stack, orders.scenario())
    put_stock(stack)
    with unread(stack, "unhappy-executions"):
        with holding(stack, "CapturePayment") as standing:
            execution = start(stack, order)
            stack.cloud.client("stepfunctions").stop_execution(executionArn=standing())
        await_end(stack, execution)
        forget(stack, execution)
        before = evidence.order_row(stack, order["orderId"])
    assert before is None
    answered = invoke(stack, "sweep_executions")
    settle(stack.cloud, stack.queues)

    row = row_of(stack, order["orderId"])
    assert answered["executions"] >= 1
    assert (row["State"], row["ClosedBy"]) == ("FAILED", execution)
    assert ledger(stack, order["orderId"]) == REFUNDED
    (review,) = evidence.manual_review(stack, order["orderId"])
    assert (review["Step"], review["Done"]) == ("Recovery", "payment: refunded; stock: released")


def forget(stack: Stack, execution: str) -> None:
    """The status event of an execution is lost, which waits in the reconciler's queue."""
    sqs = stack.cloud.client("sqs")
    (url,) = (url for url in stack.queues if "unhappy-executions" in url)
    while messages := sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", []):
        for message in messages:
            assert json.loads(message["Body"])["detail"]["executionArn"] == execution
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


@pytest.fixture
def unknown(stack: Stack) -> Iterator[str]:
    """The ARN of a machine that the stack was not deployed with, which only fails."""
    states = stack.cloud.client("stepfunctions")
    known = stack.outputs["stateMachines"]["order_processing"]
    role = states.describe_state_machine(stateMachineArn=known)["roleArn"]
    failing = {"StartAt": "Fail", "States": {"Fail": {"Type": "Fail", "Error": "OutOfStock"}}}
    made = states.create_state_machine(
        name="by-hand", definition=json.dumps(failing), roleArn=role
    )["stateMachineArn"]
    yield made
    states.delete_state_machine(stateMachineArn=made)


def test_an_execution_of_a_machine_that_nobody_declared_is_ignored(
    stack: Stack, unknown: str
) -> None:
    """Whatever its input and its error look like."""
    order_id = str(uuid4())
    put_pending(stack, order_id, CustomerId="c-1", OrderTotal=2000, Currency="USD")
    before = rows(stack, order_id)
    given = {"orderId": order_id, "SessionId": order_id, "CartId": "cart", "customerId": "c-1"}
    execution = stack.cloud.client("stepfunctions").start_execution(
        stateMachineArn=unknown, name=order_id, input=json.dumps(given)
    )["executionArn"]
    assert ended(stack, execution)["error"] == "OutOfStock"
    event = {"id": "1", "detail-type": "", "time": "", "detail": {"executionArn": execution}}

    assert invoke(stack, "reconcile_order", batch(event)) == {"batchItemFailures": []}
    settle(stack.cloud, stack.queues)
    assert rows(stack, order_id) == before


@pytest.mark.parametrize("workflow", ["order_processing", "fulfillment"])
def test_a_machine_is_known_by_its_arn_whatever_its_executions_input_holds(
    stack: Stack, orders: Orders, workflow: str
) -> None:
    """An order is nobody's cart, and a session no order, because of a field beside its id."""
    order = machine_input(stack, orders.scenario())
    order_id = order["orderId"]
    fields = {"SessionId": order_id, "CartId": "cart-of-nobody", "total_cost": "1.00", "Apple": "1"}
    held = {"order_processing": "CapturePayment", "fulfillment": "ClaimSession"}[workflow]
    put_stock(stack)
    if workflow == "fulfillment":
        put(stack, "CustomerPaymentSession", SessionId=order_id, PaymentStatus="Success")
    with holding(stack, held, workflow) as standing:
        start(stack, {**order, **fields}, workflow=workflow)
        stop(stack, standing(), "PaymentFailed")

    found = rows(stack, order_id)
    (review,) = found["ManualReview"]
    if workflow == "fulfillment":
        assert (review["Step"], found["CustomerOrders"]) == ("Fulfillment", None)
        return
    assert found["CustomerOrders"]["ClosedBy"] == arn_of(stack, workflow, order_id)
    assert (review["Step"], ledger(stack, order_id)) == ("Recovery", REFUNDED)


@pytest.mark.parametrize("given", [{}, [], "x", {"SessionId": ""}])
def test_an_execution_that_names_no_order_ends_in_a_sentence_and_is_reviewed_under_its_name(
    stack: Stack, given: Any
) -> None:
    name = f"nobodys-{uuid4()}"
    started = {each: start(stack, given, name, each) for each in stack.outputs["stateMachines"]}
    ends = {workflow: await_end(stack, execution) for workflow, execution in started.items()}
    settle(stack.cloud, stack.queues)

    assert {workflow: end["error"] for workflow, end in ends.items()} == {
        "order_processing": "InvalidOrder",
        "checkout": "InvalidOrder",
        "fulfillment": "SessionNotFound",
    }
    assert ends["fulfillment"]["cause"].startswith("the input names no session")
    reviews = evidence.manual_review(stack, name)
    assert sorted(review["ExecutionArn"] for review in reviews) == sorted(started.values())
    assert evidence.order_row(stack, name) is None


def test_a_review_that_the_machine_opened_is_no_reason_for_another_by_the_reconciler(
    judge: Judge, orders: Orders, stack: Stack
) -> None:
    result = judge.run(orders.scenario(BROKEN, Fault("CloseOrder", "Some.Error")))
    event = {"detail": {"executionArn": result.execution}, "id": "1", "detail-type": "", "time": ""}
    before = rows(stack, order(result)["OrderId"])

    assert steps(result) == ["CapturePayment"]
    for _ in range(2):
        assert invoke(stack, "reconcile_order", batch(event)) == {"batchItemFailures": []}
    settle(stack.cloud, stack.queues)
    assert rows(stack, order(result)["OrderId"]) == before


def test_a_checkout_that_was_refused_because_its_cart_was_taken_is_reviewed_by_nobody(
    stack: Stack, judge: Judge
) -> None:
    result = judge.run(checkout(actions=(Action("again", "RequestPayment"),)))
    (again,) = result.actions

    assert (again["answer"]["error"], again["answer"]["orderId"]) == ("InvalidOrder", None)
    assert evidence.manual_review(stack, again["answer"]["execution"].rpartition(":")[2]) == []
    assert (order(result)["State"], result.manualReview) == ("PROCESSED", [])
