"""Finishing checkouts from outside: the order is the cart's attempt of the execution."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.checkout.fail_checkout import handler as fail_checkout
from handlers.checkout.rules.checkout_request import order_id
from handlers.checkout.rules.errors import CheckoutClosed
from handlers.checkout.rules.refusals import Refusal, Stage, refusal
from handlers.orders.rules.states import CANCEL_ORDER
from handlers.payments import wiring as payments_wiring
from handlers.payments.rules.errors import PaymentVoided
from handlers.recovery import wiring as recovery_wiring
from handlers.recovery.adapters.executions import Executions
from handlers.recovery.reconcile_order import handler
from tests.handlers.bus import failures
from tests.handlers.checkouts import ANOTHER, CART, DOCUMENT, EXECUTION, ORDER_ID, Shop, checkout
from tests.handlers.ended import States, delivery, ended

UNPAID = refusal(Stage.PAYMENT, "States.Timeout", "")
UNSHIPPED = refusal(Stage.SHIPPING, "ShippingFailed", "no van")
RECOVERY = f"Recovery {EXECUTION}"


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> States:
    """Step Functions, where the checkout's execution was aborted."""
    made = States()
    made.put(EXECUTION, "ABORTED", DOCUMENT)
    monkeypatch.setattr(recovery_wiring, "executions", lambda: Executions(made))
    return made


@pytest.fixture
def empty(dynamodb: Any, states: States) -> Shop:
    """A shop with stock and no order."""
    return Shop(dynamodb).stocked()


@pytest.fixture
def shop(empty: Shop) -> Shop:
    """A shop with an order that is paid."""
    empty.attempts.create(checkout(), EXECUTION)
    empty.paid()
    empty.set(PaymentStatus="Successful")
    return empty


@pytest.fixture
def reconcile(context: LambdaContext) -> Any:
    """Delivers the status event of an execution; returns the messages to bring again."""

    def run(arn: str = EXECUTION) -> list[str]:
        return failures(handler(delivery(ended(arn)), context))

    return run


def reviews(shop: Shop) -> list[str]:
    return sorted(row["ReviewId"] for row in shop.rows("ManualReview"))


def assert_undone(shop: Shop, order: str = ORDER_ID, *, by: str = EXECUTION) -> None:
    row = shop.row(order)
    assert (row["State"], row["OrderStatus"], row["ClosedBy"]) == ("FAILED", "Failed", by)
    assert "ClosedAt" in row
    assert "Waiting" not in row
    assert (row["PaymentStatus"], row["ShippingStatus"]) == ("Refunded", "Unsuccessful")
    assert shop.operations(order) == ["authorize", "capture", "refund"]
    assert (shop.reservation(order)["Status"], shop.held("Banana")) == ("RELEASED", (10, 0))
    assert shop.cart(row["CartId"])["Status"] == "FAILED"
    assert shop.pending("payment", order)["Status"] == "CLOSED"


def test_an_order_left_behind_is_undone_reviewed_and_closed(shop: Shop, reconcile: Any) -> None:
    assert reconcile() == []
    assert_undone(shop)
    row = shop.row()
    assert (row["Reason"], row["Cause"]) == ("ProcessingError", "the execution ended ABORTED")
    review = shop.review("Recovery")
    assert (review["OrderId"], review["ExecutionArn"]) == (ORDER_ID, EXECUTION)
    assert review["Done"] == "payment: refunded; stock: released"


def test_what_describes_the_order_is_what_it_was_created_with(shop: Shop, reconcile: Any) -> None:
    before = shop.row()
    reconcile()
    row = shop.row()
    same = ("CustomerId", "Email", "Address", "OrderTotal", "Currency", "Items", "CreatedAt")
    assert [row[name] for name in same] == [before[name] for name in same]


def test_a_second_delivery_changes_nothing(shop: Shop, reconcile: Any, tables: Any) -> None:
    reconcile()
    before = tables.rows()
    reconcile()
    assert tables.rows() == before


@pytest.mark.parametrize("state", ["PROCESSED", "FULFILLED"])
def test_an_order_that_was_confirmed_stands(
    state: str, shop: Shop, reconcile: Any, tables: Any
) -> None:
    shop.set(State=state)
    before = tables.rows()
    reconcile()
    assert tables.rows() == before


@pytest.mark.parametrize("why", [UNPAID, refusal(Stage.CONFIRM, "States.Runtime", "why")])
def test_what_the_machine_finished_is_left_alone(
    why: Refusal, shop: Shop, reconcile: Any, tables: Any
) -> None:
    shop.fail(why)
    before = tables.rows()
    reconcile()
    assert tables.rows() == before


def test_what_the_machine_failed_and_could_not_undo_is_undone_for_its_own_reason(
    shop: Shop, reconcile: Any
) -> None:
    shop.orders.fence(ORDER_ID, EXECUTION, UNSHIPPED.columns)
    reconcile()
    assert_undone(shop)
    assert (shop.row()["Reason"], shop.row()["Cause"]) == ("ShippingFailed", "no van")
    assert reviews(shop) == [RECOVERY]


def test_a_review_that_the_machine_opened_is_enough(shop: Shop, reconcile: Any) -> None:
    close = shop.orders.close
    object.__setattr__(shop.orders, "close", lambda *_: None)
    shop.fail(refusal(Stage.CONFIRM, "States.Runtime", "why"))
    object.__setattr__(shop.orders, "close", close)
    reconcile()
    assert reviews(shop) == [f"FailCheckout {EXECUTION}"]
    assert_undone(shop)


@pytest.mark.parametrize("by", [ANOTHER, CANCEL_ORDER])
def test_what_another_closed_is_undone_once_more_and_reviewed(
    by: str, shop: Shop, reconcile: Any
) -> None:
    shop.set(State="FAILED", Reason="x", Cause="x", ClosedAt="2026-01-01", ClosedBy=by)
    before = shop.row()
    reconcile()
    assert (shop.row(), shop.operations()[-1], reviews(shop)) == (before, "refund", [RECOVERY])


def test_an_attempt_is_finished_after_the_cart_went_on(shop: Shop, reconcile: Any) -> None:
    shop.orders.fence(ORDER_ID, EXECUTION, UNSHIPPED.columns)
    shop.carts.free(CART, ORDER_ID)
    shop.attempts.create(checkout(), ANOTHER)
    reconcile()
    assert shop.operations()[-1] == "refund"
    assert "ClosedAt" in shop.row()
    assert shop.row(order_id(CART, 2))["State"] == "PENDING"
    assert (shop.cart()["Status"], shop.held("Orange")) == ("OPEN", (9, 1))


def test_an_attempt_that_a_cancellation_decided_is_still_its_executions(
    shop: Shop, reconcile: Any, tables: Any
) -> None:
    """The order's row names the function by then; the cart's row names the execution."""
    shop.set(State="CANCELLED", ExecutionArn=CANCEL_ORDER, ClosedAt="x", ClosedBy=CANCEL_ORDER)
    shop.put("Carts", **{**shop.cart(), "Status": "CONFIRMED"})
    reconcile()
    assert [row["OrderId"] for row in shop.rows("CustomerOrders")] == [ORDER_ID]
    assert shop.operations()[-1] == "refund"


def test_an_execution_that_ended_before_its_order_was_created_gets_a_failed_one(
    empty: Shop, reconcile: Any
) -> None:
    assert reconcile() == []
    row = empty.row()
    assert (row["State"], row["ExecutionArn"], row["ClosedBy"]) == ("FAILED", EXECUTION, EXECUTION)
    assert (row["Reason"], row["PaymentStatus"]) == ("ProcessingError", "Unsuccessful")
    assert (row["CustomerId"], row["Email"], row["OrderTotal"]) == (CART, "ada@example.com", 127)
    assert (empty.cart()["Status"], empty.reservation()["Status"]) == ("FAILED", "RELEASED")
    assert (empty.held("Orange"), reviews(empty)) == ((10, 0), [RECOVERY])


def test_a_creation_that_lands_after_that_has_no_effect(empty: Shop, reconcile: Any) -> None:
    reconcile()
    with pytest.raises(CheckoutClosed):
        empty.attempts.create(checkout(), EXECUTION)
    assert empty.held("Orange") == (10, 0)
    with pytest.raises(PaymentVoided):
        empty.paid()


def refuse(context: LambdaContext, arn: str = ANOTHER) -> None:
    """What an execution does whose cart is taken."""
    event = {"checkout": DOCUMENT, "executionArn": arn, "stage": "create"}
    answer = fail_checkout({**event, "error": "InvalidOrder", "cause": "taken"}, context)
    assert answer["reason"] == "InvalidOrder"


@pytest.mark.parametrize("later", ["open", "failed", "tried again"])
def test_an_execution_whose_cart_was_taken_is_done_without_a_review(
    later: str,
    shop: Shop,
    states: States,
    reconcile: Any,
    context: LambdaContext,
    tables: Any,
) -> None:
    states.put(ANOTHER, "FAILED", DOCUMENT, error="InvalidOrder")
    refuse(context)
    if later != "open":
        shop.fail(UNPAID)
    if later == "tried again":
        shop.attempts.create(checkout(), EXECUTION.replace("e-1", "e-3"))
    before = tables.rows()
    assert reconcile(ANOTHER) == []
    assert tables.rows() == before


@pytest.mark.parametrize("status", ["OPEN", "CONFIRMED"])
def test_an_execution_of_which_nothing_says_that_it_was_refused_is_reviewed(
    status: str, shop: Shop, states: States, reconcile: Any
) -> None:
    shop.put("Carts", **{**shop.cart(), "Status": status})
    states.put(ANOTHER, "TIMED_OUT", DOCUMENT)
    before = shop.row()
    assert reconcile(ANOTHER) == reconcile(ANOTHER) == []
    (review,) = shop.rows("ManualReview")
    assert (review["OrderId"], review["ReviewId"]) == ("e-2", f"Recovery {ANOTHER}")
    assert shop.rows("CustomerOrders") == [before]
    assert shop.operations() == ["authorize", "capture"]


@pytest.mark.parametrize(
    "given", [None, [], {}, "x", {"CartId": 7}, {"Email": "ada@example.com", "Orange": "1"}]
)
def test_an_execution_whose_input_is_no_checkout_is_reviewed_under_its_name(
    given: Any, shop: Shop, states: States, reconcile: Any, log: Any
) -> None:
    states.put(ANOTHER, "FAILED", json.dumps(given), error="InvalidOrder")
    before = shop.row()
    assert reconcile(ANOTHER) == []
    (review,) = shop.rows("ManualReview")
    assert review["OrderId"] == "e-2"
    assert shop.rows("CustomerOrders") == [before]
    assert "ada@" not in json.dumps(review) + log.getvalue()


@pytest.mark.parametrize(
    "fields", [{"orderId": "1"}, {"SessionId": "1"}, {"total_cost": 1.27}, {"Orange": 1.0}]
)
def test_a_checkout_is_known_by_its_machine_whatever_its_items_are_called(
    fields: dict[str, Any], shop: Shop, states: States, reconcile: Any
) -> None:
    states.put(EXECUTION, "FAILED", {**DOCUMENT, **fields})
    reconcile()
    assert_undone(shop)
    assert len(shop.rows("CustomerOrders")) == 1


def test_a_payment_that_cannot_be_cancelled_is_reviewed_and_keeps_its_stock_and_cart(
    shop: Shop, reconcile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone:
        def void(self, order_id: str) -> None:
            raise PaymentVoided("the service is gone")

    monkeypatch.setattr(payments_wiring, "gateway", Gone)
    assert reconcile() == []
    row = shop.row()
    assert ("HandedOverAt" in row, "ClosedAt" in row, row["Waiting"]) == (True, False, "yes")
    assert reviews(shop) == [f"CancelPayment {EXECUTION}"]
    assert (shop.held("Orange"), shop.cart()["Status"]) == ((9, 1), "OPEN")
    assert row["PaymentStatus"] == "Successful"
