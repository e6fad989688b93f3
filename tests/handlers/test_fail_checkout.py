"""Failing a checkout: the fence, what is undone, and how it is closed."""

from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.checkout import fail_checkout
from handlers.checkout import wiring as checkout_wiring
from handlers.checkout.fail_checkout import handler
from handlers.checkout.rules.checkout_request import order_id
from handlers.checkout.rules.refusals import Refusal, Stage, refusal
from handlers.orders.rules.states import CANCEL_ORDER, Voided
from handlers.payments import wiring as payments_wiring
from handlers.payments.rules.errors import PaymentGatewayUnavailable, PaymentVoided
from handlers.shared.rules.errors import BadInput
from handlers.stock.rules.errors import StockInconsistent
from tests.handlers.checkouts import ANOTHER, CART, DOCUMENT, EXECUTION, ORDER_ID, Shop, checkout

UNPAID = refusal(Stage.PAYMENT, "States.Timeout", "")
UNSHIPPED = refusal(Stage.SHIPPING, "ShippingFailed", "no van")


def payload(stage: str, error: str, cause: str = "why", **more: Any) -> dict[str, Any]:
    return {
        "checkout": DOCUMENT,
        "executionArn": EXECUTION,
        "stage": stage,
        "error": error,
        "cause": cause,
        **({} if stage == "create" else {"order": {"orderId": ORDER_ID}}),
        **more,
    }


@pytest.fixture
def shop(dynamodb: Any) -> Shop:
    """A shop with an order that waits for its payment."""
    made = Shop(dynamodb).stocked()
    made.attempts.create(checkout(), EXECUTION)
    return made


def assert_undone(shop: Shop, order: str = ORDER_ID, *, by: str = EXECUTION) -> None:
    row = shop.row(order)
    assert (row["State"], row["OrderStatus"], row["ClosedBy"]) == ("FAILED", "Failed", by)
    assert "ClosedAt" in row
    assert "Waiting" not in row
    assert shop.reservation(order)["Status"] == "RELEASED"
    assert (shop.held("Orange"), shop.held("Banana")) == ((10, 0), (10, 0))
    assert shop.cart(row["CartId"])["Status"] == "FAILED"
    for step in ("payment", "shipping"):
        assert shop.pending(step, order)["Status"] == "CLOSED"
    with pytest.raises(PaymentVoided):
        shop.gateway.authorize(order, 127, "USD", "tok_visa")


def test_a_payment_that_failed_undoes_the_order_and_closes_it(
    shop: Shop, context: LambdaContext
) -> None:
    answer = handler(payload("payment", "States.Timeout"), context)
    assert answer == {
        "stands": False,
        "orderId": ORDER_ID,
        "state": "FAILED",
        "reason": "PaymentFailed",
        "cause": "the payment service did not answer in time",
    }
    assert_undone(shop)
    row = shop.row()
    assert (row["PaymentStatus"], row["ShippingStatus"]) == ("Unsuccessful", "Unsuccessful")
    assert (row["Reason"], row["Cause"]) == (answer["reason"], answer["cause"])
    assert shop.rows("ManualReview") == []


def test_money_that_was_taken_without_our_knowing_comes_back(
    shop: Shop, context: LambdaContext
) -> None:
    shop.paid()
    handler(payload("payment", "States.HeartbeatTimeout"), context)
    assert shop.row()["PaymentStatus"] == "Refunded"
    assert shop.operations() == ["authorize", "capture", "refund"]
    assert_undone(shop)


def test_an_order_that_cannot_be_shipped_is_refunded(shop: Shop, context: LambdaContext) -> None:
    shop.paid()
    shop.set(PaymentStatus="Successful")
    answer = handler(payload("shipping", "ShippingFailed", "no van"), context)
    assert (answer["reason"], answer["cause"]) == ("ShippingFailed", "no van")
    assert_undone(shop)
    row = shop.row()
    assert (row["PaymentStatus"], row["ShippingStatus"]) == ("Refunded", "Unsuccessful")


@pytest.mark.parametrize(("stage", "recorded"), [("record", "Pending"), ("shipping", "Successful")])
def test_a_payment_that_was_reported_is_refunded_though_its_service_finds_none(
    stage: str, recorded: str, shop: Shop, context: LambdaContext
) -> None:
    """As when somebody plays the payment service by hand and takes no money."""
    shop.set(PaymentStatus=recorded)
    handler(payload(stage, "Some.Error"), context)
    assert shop.operations() == []
    assert shop.row()["PaymentStatus"] == "Refunded"


@pytest.mark.parametrize("stage", ["record", "confirm"])
def test_a_technical_error_is_reviewed(stage: str, shop: Shop, context: LambdaContext) -> None:
    shop.paid()
    answer = handler(payload(stage, "DynamoDB.InternalServerError"), context)
    assert answer["reason"] == "ProcessingError"
    assert_undone(shop)
    review = shop.review()
    assert (review["Reason"], review["Cause"]) == ("ProcessingError", "why")
    assert review["Done"] == "payment: refunded; stock: released"
    assert (review["CustomerId"], review["ExecutionArn"]) == (CART, EXECUTION)


def test_a_review_is_there_before_the_order_is_closed(shop: Shop) -> None:
    object.__setattr__(shop.orders, "close", None)
    with pytest.raises(TypeError):
        shop.fail(refusal(Stage.CONFIRM, "States.Runtime", "why"))
    assert shop.review()
    assert "ClosedAt" not in shop.row()


@pytest.mark.parametrize("stage", ["payment", "confirm"])
def test_a_repetition_answers_the_same_and_changes_no_order(
    stage: str, shop: Shop, context: LambdaContext
) -> None:
    shop.paid()
    first = handler(payload(stage, "Lambda.Unknown"), context)
    tables = ("CustomerOrders", "ManualReview", "PaymentGateway", "Reservations", "Carts")
    before = [shop.rows(table) for table in tables]
    assert handler(payload(stage, "Lambda.Unknown"), context) == first
    assert [shop.rows(table) for table in tables] == before
    assert_undone(shop)


@pytest.mark.parametrize("state", ["PROCESSED", "FULFILLED", "CANCELLED"])
def test_an_order_that_was_decided_otherwise_stands(
    state: str, shop: Shop, context: LambdaContext
) -> None:
    shop.paid()
    shop.set(State=state, OrderStatus="Confirmed", PaymentStatus="Successful")
    before = shop.row()
    answer = handler(payload("confirm", "States.Timeout"), context)
    assert answer == {
        "stands": True,
        "orderId": ORDER_ID,
        "state": state,
        "reason": "",
        "cause": "",
    }
    assert shop.row() == before
    assert shop.operations() == ["authorize", "capture"]
    assert shop.cart()["Status"] == "OPEN"
    assert (shop.pending("payment"), shop.review()) == ({}, {})


@pytest.mark.parametrize("by", [ANOTHER, CANCEL_ORDER])
def test_an_order_that_another_closed_is_left_to_it(
    by: str, shop: Shop, context: LambdaContext
) -> None:
    shop.set(State="FAILED", Reason="ShippingFailed", Cause="no van", ClosedAt="x", ClosedBy=by)
    before = shop.row()
    answer = handler(payload("confirm", "States.Timeout"), context)
    assert (answer["stands"], answer["state"], answer["reason"]) == (
        True,
        "FAILED",
        "ShippingFailed",
    )
    assert (shop.row(), shop.review(), shop.held("Orange")) == (before, {}, (9, 1))


def test_an_order_that_another_failed_and_did_not_close_is_finished_and_keeps_its_reason(
    shop: Shop, context: LambdaContext
) -> None:
    shop.orders.fence(ORDER_ID, ANOTHER, UNSHIPPED.columns)
    answer = handler(payload("confirm", "States.Timeout"), context)
    assert (answer["stands"], answer["reason"], answer["cause"]) == (
        False,
        "ShippingFailed",
        "no van",
    )
    assert_undone(shop)
    assert shop.row()["ExecutionArn"] == ANOTHER


class Unable:
    """A payment service that cannot be asked to give anything back."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def cancel(self, order_id: str) -> Voided:
        raise self.error


@pytest.mark.parametrize(
    "error", [PaymentGatewayUnavailable("no answer"), PaymentVoided("the gateway is gone")]
)
def test_a_refund_that_fails_is_raised_by_its_own_name_and_keeps_stock_and_cart(
    error: Exception, shop: Shop, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.paid()
    shop.set(PaymentStatus="Successful")
    with monkeypatch.context() as patch:
        patch.setattr(payments_wiring, "cancellation", lambda: Unable(error))
        with pytest.raises(type(error)):
            handler(payload("shipping", "ShippingFailed"), context)
    row = shop.row()
    assert (row["State"], row["PaymentStatus"], row["Waiting"]) == ("FAILED", "Successful", "yes")
    assert "ClosedAt" not in row
    assert (shop.held("Orange"), shop.cart()["Status"]) == ((9, 1), "OPEN")
    checkout_wiring.compensator.cache_clear()
    fail_checkout.failure.cache_clear()
    handler(payload("shipping", "ShippingFailed"), context)
    assert_undone(shop)
    assert shop.row()["PaymentStatus"] == "Refunded"


def test_stock_that_contradicts_its_reservation_is_named_and_left_to_the_reconciler(
    shop: Shop, context: LambdaContext
) -> None:
    shop.put("Inventory", ProductId="Orange", OnHand=10, Reserved=0)
    with pytest.raises(StockInconsistent, match="product Orange"):
        handler(payload("payment", "PaymentFailed"), context)
    assert "ClosedAt" not in shop.row()
    assert shop.row()["Waiting"] == "yes"


def test_a_refused_creation_is_recorded_with_its_reason(
    dynamodb: Any, context: LambdaContext
) -> None:
    shop = Shop(dynamodb).stocked()
    event = payload("create", "OutOfStock", "not enough stock of Banana")
    answer = handler(event, context)
    assert (answer["orderId"], answer["state"], answer["reason"]) == (
        ORDER_ID,
        "FAILED",
        "OutOfStock",
    )
    assert_undone(shop)
    row = shop.row()
    assert (row["CustomerId"], row["Email"], row["OrderTotal"]) == (CART, "ada@example.com", 127)
    assert (row["ExecutionArn"], row["Cause"]) == (EXECUTION, "not enough stock of Banana")
    assert shop.rows("ManualReview") == []
    assert handler(event, context) == answer


@pytest.mark.parametrize(
    "more",
    [
        {"error": "InvalidOrder", "cause": "Email is missing"},
        {"error": "States.Timeout", "checkout": {**DOCUMENT, "Email": "ada"}},
    ],
    ids=["refused", "no answer"],
)
def test_an_invalid_order_is_not_recorded(
    more: dict[str, Any], dynamodb: Any, context: LambdaContext
) -> None:
    answer = handler({**payload("create", "X"), **more}, context)
    assert answer["cause"].startswith("Email")
    del answer["cause"]
    assert answer == {"stands": False, "orderId": "", "state": "", "reason": "InvalidOrder"}
    shop = Shop(dynamodb)
    assert shop.rows("Carts") == shop.rows("CustomerOrders") == shop.rows("Reservations") == []


@pytest.mark.parametrize("error", ["InvalidOrder", "States.Timeout"])
def test_another_executions_order_is_left_alone_and_the_carts_row_says_who_was_refused(
    error: str, shop: Shop, context: LambdaContext
) -> None:
    event = payload("create", error, executionArn=ANOTHER)
    before = shop.row()
    answers = [handler(event, context) for _ in range(2)]
    assert [(answer["orderId"], answer["reason"]) for answer in answers] == [
        ("", "InvalidOrder"),
        ("", "InvalidOrder"),
    ]
    assert (shop.row(), shop.held("Orange")) == (before, (9, 1))
    cart = shop.cart()
    assert (cart["Status"], cart["Refused"]) == ("OPEN", {ANOTHER})
    assert shop.attempts.was_refused(CART, ANOTHER)
    assert not shop.attempts.was_refused(CART, EXECUTION)


def test_a_refusal_is_remembered_when_the_cart_goes_on(shop: Shop, context: LambdaContext) -> None:
    handler(payload("create", "InvalidOrder", executionArn=ANOTHER), context)
    shop.fail(UNPAID)
    third = EXECUTION.replace("e-1", "e-3")
    shop.attempts.create(checkout(), third)
    cart = shop.cart()
    assert (cart["ExecutionArn"], cart["Attempt"], cart["Status"]) == (third, 2, "OPEN")
    assert shop.attempts.was_refused(CART, ANOTHER)


def test_a_creation_whose_answer_was_lost_is_found_and_undone(
    shop: Shop, context: LambdaContext
) -> None:
    answer = handler(payload("create", "States.Timeout"), context)
    assert (answer["orderId"], answer["reason"]) == (ORDER_ID, "ProcessingError")
    assert_undone(shop)
    assert len(shop.rows("CustomerOrders")) == 1


def test_an_attempt_is_found_again_after_the_cart_went_on(
    shop: Shop, context: LambdaContext
) -> None:
    handler(payload("create", "States.Timeout"), context)
    shop.attempts.create(checkout(), ANOTHER)
    answer = handler(payload("create", "States.Timeout"), context)
    assert answer["orderId"] == ORDER_ID
    assert shop.row(order_id(CART, 2))["State"] == "PENDING"
    assert (shop.cart()["Status"], shop.held("Orange")) == ("OPEN", (9, 1))


def test_a_creation_that_lands_while_its_failure_is_recorded_is_undone(dynamodb: Any) -> None:
    shop = Shop(dynamodb).stocked()
    late = Shop(dynamodb)
    record = late.carts.record_failed

    def beaten(*arguments: Any) -> None:
        shop.attempts.create(checkout(), EXECUTION)
        record(*arguments)

    object.__setattr__(late.carts, "record_failed", beaten)
    row = late.attempts.find_or_fail(checkout(), EXECUTION, UNPAID.columns)
    assert row["State"] == "PENDING"
    late.fail(UNPAID)
    assert_undone(shop)


def test_a_call_that_names_no_stage_of_a_checkout_is_refused(context: LambdaContext) -> None:
    with pytest.raises(ValueError, match="is not a valid Stage"):
        handler(payload("refund", "X"), context)
    with pytest.raises(BadInput, match="executionArn must be text"):
        handler(payload("create", "X", executionArn=7), context)


@pytest.mark.parametrize("why", [UNPAID, UNSHIPPED])
def test_a_late_confirmation_finds_the_order_fenced_before_anything_is_undone(
    why: Refusal, shop: Shop
) -> None:
    seen: list[str] = []

    class Watching(Unable):
        def cancel(self, order_id: str) -> Voided:
            seen.append(shop.row()["State"])
            return "NOTHING"

    shop.cancellation = Watching(RuntimeError())
    shop.fail(why)
    assert seen == ["FAILED"]
