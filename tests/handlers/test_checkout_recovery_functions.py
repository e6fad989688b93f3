"""The functions that queues and schedules invoke, on a checkout's order."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.domain.outcomes import OUTCOMES, outcome, outcome_event, states_told_as
from handlers.mark_published import handler as mark_published
from handlers.reconcile_order import handler as reconcile_order
from handlers.republish_outcomes import handler as republish_outcomes
from handlers.sweep_reservations import handler as sweep_reservations
from tests.handlers.bus import Bus, batch, bus_event, failures, start_execution, stop_execution
from tests.handlers.checkouts import CART, DOCUMENT, EXECUTION, ORDER_ID, Shop, checkout

ENDED = "Step Functions Execution Status Change"
LONG_AGO = "2026-01-01T00:00:00.000Z"


def ended(arn: str, **more: Any) -> dict[str, Any]:
    detail = {"executionArn": arn, "status": "TIMED_OUT", "error": None, "cause": None, **more}
    return bus_event(ENDED, **{"input": json.dumps(DOCUMENT), **detail})


@pytest.fixture
def shop(dynamodb: Any) -> Shop:
    made = Shop(dynamodb).stocked()
    made.attempts.create(checkout(), EXECUTION)
    return made


def test_a_checkouts_execution_is_undone_by_its_cart(
    shop: Shop, told: Bus, context: LambdaContext
) -> None:
    shop.paid()
    event = ended(EXECUTION)
    assert failures(reconcile_order(batch(event, event), context)) == []
    assert shop.operations()[-1] == "refund"
    assert (shop.row()["Compensated"], shop.cart()["Status"]) == (True, "FAILED")
    assert [name for name, _ in told.told()] == ["ManualReviewRequired", "OrderRejected"]


def test_an_item_called_as_an_order_makes_no_checkout_an_order(
    shop: Shop, told: Bus, context: LambdaContext
) -> None:
    event = ended(EXECUTION, input=json.dumps({**DOCUMENT, "orderId": "1"}))
    assert failures(reconcile_order(batch(event), context)) == []
    assert shop.row()["State"] == "FAILED"


def test_an_input_with_a_fraction_is_the_same_cart(
    shop: Shop, told: Bus, context: LambdaContext
) -> None:
    event = ended(EXECUTION, input=json.dumps({**DOCUMENT, "total_cost": 1.27}))
    assert failures(reconcile_order(batch(event), context)) == []
    assert shop.row()["Compensated"]


@pytest.mark.parametrize("document", [{}, {"Email": "ada@example.com", "Orange": "1"}])
def test_a_checkout_that_was_refused_for_want_of_a_cart_needs_nobody(
    document: dict[str, str], dynamodb: Any, context: LambdaContext
) -> None:
    event = ended(EXECUTION, input=json.dumps(document), error="InvalidOrder", status="FAILED")
    assert failures(reconcile_order(batch(event), context)) == []
    assert Shop(dynamodb).rows("CustomerOrders") == []


def test_an_expired_reservation_of_a_checkout_is_undone(
    dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    arn = start_execution({**DOCUMENT, "orderId": "e-1"})
    shop = Shop(dynamodb).stocked()
    shop.attempts.create(checkout(), arn)
    shop.put("Reservations", **{**shop.reservation(), "ExpiresAt": 1})
    sweep_reservations({}, context)
    assert shop.row()["State"] == "PENDING"
    stop_execution(arn)
    assert sweep_reservations({}, context) == {"reservations": 1}
    assert (shop.row()["Compensated"], shop.held("Orange")) == (True, (10, 0))
    assert sweep_reservations({}, context) == {"reservations": 0}


CHECKOUTS = [
    ({"State": "PROCESSED"}, "OrderConfirmed"),
    ({"State": "FULFILLED"}, "OrderFulfilled"),
    ({"State": "FAILED", "Reason": "PaymentFailed"}, "PaymentFailed"),
    ({"State": "FAILED", "Reason": "ShippingFailed"}, "ShippingFailed"),
    ({"State": "FAILED", "Reason": "OutOfStock"}, "OrderRejected"),
    ({"State": "FAILED", "Reason": "ProcessingError"}, "OrderRejected"),
]


@pytest.mark.parametrize(("columns", "detail_type"), CHECKOUTS)
def test_a_checkouts_outcome_that_nobody_saw_is_told_again_by_its_own_name(
    columns: dict[str, Any], detail_type: str, shop: Shop, told: Bus, context: LambdaContext
) -> None:
    shop.set(**columns, Unpublished="yes", UpdatedAt=LONG_AGO)
    assert republish_outcomes({}, context) == {"rows": 1}
    ((name, detail),) = told.told()
    assert (name, detail["orderId"], detail["customerId"]) == (detail_type, ORDER_ID, CART)
    assert (detail["orderTotal"], detail["currency"]) == (127, "USD")
    shipped = {"arrivalDate", "shipments"} if detail_type == "OrderFulfilled" else set()
    known = {"orderId", "customerId", "orderTotal", "currency", "reason", "cause"}
    assert set(detail) <= known | shipped
    assert republish_outcomes({}, context) == {"rows": 0}


@pytest.mark.parametrize(("columns", "detail_type"), CHECKOUTS)
def test_a_checkouts_outcome_is_marked_when_its_event_comes_round(
    columns: dict[str, Any], detail_type: str, shop: Shop, context: LambdaContext
) -> None:
    shop.set(**columns, Unpublished="yes", UpdatedAt=LONG_AGO)
    event = bus_event(detail_type, orderId=ORDER_ID)
    assert failures(mark_published(batch(event), context)) == []
    assert "PublishedAt" in shop.row()
    assert "Unpublished" not in shop.row()


def test_an_undecided_order_has_no_outcome() -> None:
    row = {"OrderId": "o-1", "State": "PENDING", "CartId": CART}
    assert outcome(row) is None
    assert outcome_event(row) is None


def test_every_outcome_is_told_of_some_state() -> None:
    assert all(states_told_as(detail_type) for detail_type in OUTCOMES)
    assert states_told_as("ManualReviewRequired") == ()
