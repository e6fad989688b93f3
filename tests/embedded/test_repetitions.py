"""What is done again, or by several at once, changes nothing and is published once."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from handlers.checkout.rules.checkout_request import order_id
from local.orders import machine_input
from local.outside import OutsideServices
from local.scenario import Action, Fault, FunctionFault
from local.stack import Stack
from tests.embedded.conftest import Judge, Orders
from tests.embedded.helpers import (
    await_that,
    ended,
    fulfill,
    holding,
    path,
    put_stock,
    row_of,
    start,
    struck,
)
from tests.embedded.intake import api
from tests.embedded.seen import operations, order, outcomes, published, rows, steps
from tests.embedded.test_checkout import cart

RECORDS = {"order_processing": "RecordOrder", "checkout": "ConfirmOrder"}
GONE_ON = {"order_processing": "ReadOrder", "checkout": "FailCheckout"}
"""The state after which a record that finds itself comes to know that it stands."""


@contextmanager
def recorded(stack: Stack, orders: Orders, workflow: str) -> Iterator[tuple[str, str]]:
    """An order and its execution, which stands after the record; the record's answer is lost."""
    put_stock(stack)
    put_stock(stack, item="Orange")
    record = RECORDS[workflow]
    lost = Fault(record, "States.Timeout", "after", times=1)
    with (
        struck(stack, lost, workflow=workflow),
        holding(stack, record, workflow) as standing,
        OutsideServices(stack, {}),
    ):
        if workflow == "checkout":
            bought = cart(total_cost="20.00")
            order, name = order_id(bought["CartId"], 1), order_id(bought["CartId"], 1)
            start(stack, bought, name, workflow)
        else:
            document = machine_input(stack, orders.scenario())
            order = document["orderId"]
            start(stack, document)
        yield order, standing()


@pytest.mark.parametrize("workflow", RECORDS)
def test_a_record_that_is_made_again_keeps_what_fulfillment_wrote_since(
    stack: Stack, orders: Orders, workflow: str
) -> None:
    """Nor does a second execution, later, wipe it."""
    with recorded(stack, orders, workflow) as (order, execution):
        assert ended(stack, fulfill(stack, order))["status"] == "SUCCEEDED"
        before = rows(stack, order)
        stack.cloud.release(execution)
        again = ended(stack, execution)
        second = ended(stack, start(stack, json.loads(again["input"]), f"{order}-2", workflow))

    assert again["status"] == "SUCCEEDED", again.get("cause")
    assert json.loads(again["output"]) == {"orderId": order, "state": "FULFILLED"}
    assert {RECORDS[workflow], GONE_ON[workflow], "OrderStands"} <= {*path(stack, execution)}
    assert second.get("error") == (None if workflow == "order_processing" else "InvalidOrder")
    assert before["CustomerPaymentSession"]["ClaimedAt"]
    assert before["CustomerOrders"]["State"] == "FULFILLED"
    assert [one["SendStatus"] for one in before["Shipments"]] == ["SENT"]
    assert rows(stack, order) == before
    assert api(stack).send("POST", f"/orders/{order}/cancel").status == 409


def test_a_record_that_is_made_again_finds_an_order_that_was_cancelled_since(
    stack: Stack, orders: Orders
) -> None:
    with recorded(stack, orders, "order_processing") as (order, execution):
        assert api(stack).send("POST", f"/orders/{order}/cancel").status == 200
        before = await_that(lambda: closed(stack, order), "the order was not closed")
        stack.cloud.release(execution)
        again = ended(stack, execution)

    assert json.loads(again["output"]) == {"orderId": order, "state": "CANCELLED"}
    after = rows(stack, order)
    assert {**after, "Notifications": None} == {**before, "Notifications": None}
    assert after["PaymentGateway"]["Status"] == "REFUNDED"


def closed(stack: Stack, order: str) -> dict[str, Any] | None:
    return rows(stack, order) if "ClosedAt" in row_of(stack, order) else None


@pytest.mark.parametrize("state", ["AuthorizePayment", "CapturePayment", "RecordOrder"])
def test_several_executions_of_an_order_are_one_order(
    judge: Judge, orders: Orders, state: str
) -> None:
    """The second one ends before the first goes on, and a third follows both."""
    again = (Action("again", state), Action("again", "fulfillment/RecordFulfillment"))
    result = judge.run(orders.scenario(follow=True, actions=again))

    assert result.status == "SUCCEEDED", result.cause
    assert result.actions[0]["answer"]["execution"] == f"{result.execution}-2"
    assert {action["answer"]["status"] for action in result.actions} == {"SUCCEEDED"}
    assert order(result)["State"] == "FULFILLED"
    assert operations(result) == ["authorize", "capture"]
    assert outcomes(result) == ["OrderFulfilled", "OrderProcessed"]
    assert len(result.emails) == 2
    assert result.manualReview == []


@pytest.mark.parametrize("state", ["RecordRefusal", "VoidPayment", "CloseOrder"])
def test_several_executions_of_a_refused_order_are_one_refusal(
    judge: Judge, orders: Orders, state: str
) -> None:
    again = Action("again", state)
    result = judge.run(orders.scenario(stock={"item-1": 0}, actions=(again,)))

    (second,) = result.actions
    assert order(result)["State"] == "FAILED"
    assert order(result)["ClosedBy"] in (result.execution, second["answer"]["execution"])
    assert operations(result) == ["authorize", "void"]
    assert outcomes(result) == ["OrderRejected"]
    assert len(result.emails) == 1


def test_a_second_run_that_fails_does_not_undo_an_order_that_stands(
    stack: Stack, orders: Orders
) -> None:
    document = machine_input(stack, orders.scenario())
    put_stock(stack)
    ended(stack, start(stack, document))
    before = rows(stack, document["orderId"])
    with struck(stack, Fault("AuthorizePayment", "Some.Error")):
        again = ended(stack, start(stack, document, f"{document['orderId']}-2"))

    assert json.loads(again["output"])["state"] == "PROCESSED"
    assert rows(stack, document["orderId"]) == before


def test_an_event_that_is_published_again_has_the_same_id_and_nobody_acts_on_it_again(
    judge: Judge, orders: Orders
) -> None:
    """The function dies, having published, so that its batch comes again."""
    dies = FunctionFault("publish_outcomes", "Runtime.ExitError", "after", times=3)
    result = judge.run(orders.scenario(dies, follow=True))

    ids = Counter(event["detail"]["eventId"] for event in result.events)
    order_id = order(result)["OrderId"]
    assert result.faultsFired == [3]
    assert {*ids} == {f"{order_id}:PROCESSED", f"{order_id}:FULFILLED"}
    assert sum(ids.values()) == 2 + 3
    assert len({event["id"] for event in result.events}) == 5
    assert [run["workflow"] for run in result.followed] == ["fulfillment"]
    assert len(result.emails) == 2
    assert [request["messageType"] for request in result.fulfillmentRequests] == [
        "ShipmentRequested"
    ]


def test_a_review_is_published_from_its_row_and_never_without_it(
    judge: Judge, orders: Orders
) -> None:
    """Neither the machine nor, for long, the reconciler can write it."""
    faults = (
        Fault("CapturePayment", "Some.Error"),
        Fault("RecordManualReview", "Some.Error"),
        FunctionFault("reconcile_order", "Runtime.ExitError"),
    )
    silent = judge.run(orders.scenario(*faults), judged=False)
    later = judge.run(orders.scenario(*faults[:2]))

    assert (steps(silent), published(silent)) == ([], [])
    assert "ClosedAt" not in order(silent)
    assert steps(later) == ["Recovery"]
    (event,) = [one for one in later.events if one["detail-type"] == "ManualReviewRequired"]
    (review,) = later.manualReview
    assert event["detail"] == {
        "orderId": review["OrderId"],
        "customerId": "c-1",
        "reason": "ProcessingError",
        "cause": review["Cause"],
        "step": "Recovery",
        "executionArn": later.execution,
        "eventId": f"{review['OrderId']}:{review['ReviewId']}",
        "occurredAt": review["CreatedAt"],
    }
