"""Failing a checkout: the fence, what is undone, and what is said of it."""

from itertools import count
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import checkout_wiring
from handlers.domain.checkout import order_id
from handlers.domain.checkout_refusals import Stage, refusal
from handlers.domain.errors import PaymentVoided
from handlers.domain.payments import Voided
from handlers.fail_checkout import handler
from tests.handlers.checkouts import ANOTHER, CART, DOCUMENT, EXECUTION, ORDER_ID, Shop, checkout
from tests.handlers.fakes import Crash, Cut

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


def assert_undone(shop: Shop, order: str = ORDER_ID) -> None:
    row = shop.row(order)
    assert (row["State"], row["OrderStatus"], row["Compensated"]) == ("FAILED", "Failed", True)
    assert "Waiting" not in row
    assert shop.reservation(order)["Status"] == "RELEASED"
    assert (shop.held("Orange"), shop.held("Banana")) == ((10, 0), (10, 0))
    assert shop.cart(row["CartId"])["Status"] == "FAILED"
    for step in ("payment", "shipping"):
        assert shop.pending(step, order)["Status"] == "CLOSED"
    with pytest.raises(PaymentVoided):
        shop.gateway.authorize(order, 127, "USD", "tok_visa")


def test_a_payment_that_failed_undoes_the_order_and_is_told(
    shop: Shop, context: LambdaContext
) -> None:
    answer = handler(payload("payment", "States.Timeout"), context)
    assert answer == {
        "stands": False,
        "recorded": True,
        "orderId": ORDER_ID,
        "customerId": CART,
        "orderTotal": 127,
        "currency": "USD",
        "reason": "PaymentFailed",
        "cause": "the payment service did not answer in time",
        "review": False,
        "refunded": False,
        "uncompensated": [],
        "detailType": "PaymentFailed",
    }
    assert_undone(shop)
    row = shop.row()
    assert (row["PaymentStatus"], row["ShippingStatus"]) == ("Unsuccessful", "Unsuccessful")
    assert (row["Reason"], row["Unpublished"]) == ("PaymentFailed", "yes")
    assert shop.review() == {}


def test_money_that_was_taken_without_our_knowing_comes_back(
    shop: Shop, context: LambdaContext
) -> None:
    shop.paid()
    answer = handler(payload("payment", "States.HeartbeatTimeout"), context)
    assert (answer["refunded"], answer["reason"]) == (True, "PaymentFailed")
    assert shop.row()["PaymentStatus"] == "Refunded"
    assert shop.operations() == ["authorize", "capture", "refund"]


def test_an_order_that_cannot_be_shipped_is_refunded(shop: Shop, context: LambdaContext) -> None:
    shop.paid()
    shop.set(PaymentStatus="Successful")
    answer = handler(payload("shipping", "ShippingFailed", "no van"), context)
    assert (answer["detailType"], answer["cause"]) == ("ShippingFailed", "no van")
    assert answer["refunded"]
    assert_undone(shop)
    row = shop.row()
    assert (row["PaymentStatus"], row["ShippingStatus"]) == ("Refunded", "Unsuccessful")


@pytest.mark.parametrize(("stage", "recorded"), [("record", "Pending"), ("shipping", "Successful")])
def test_a_payment_that_was_reported_is_refunded_though_its_service_finds_none(
    stage: str, recorded: str, shop: Shop, context: LambdaContext
) -> None:
    """As when somebody plays the payment service by hand and takes no money."""
    shop.set(PaymentStatus=recorded)
    answer = handler(payload(stage, "Some.Error"), context)
    assert answer["refunded"]
    assert shop.operations() == []
    assert shop.row()["PaymentStatus"] == "Refunded"


def test_a_refund_that_was_noted_stays_so_when_another_part_is_undone_later(shop: Shop) -> None:
    shop.paid()
    shop.set(PaymentStatus="Successful")
    shop.put("Inventory", ProductId="Orange", OnHand=9, Reserved=0)
    first = shop.failure.fail({"orderId": ORDER_ID}, UNSHIPPED)
    assert first.uncompensated == ("ReleaseStock",)
    shop.put("Inventory", ProductId="Orange", OnHand=9, Reserved=1)
    shop.failure.fail({"orderId": ORDER_ID}, UNSHIPPED)
    assert shop.row()["PaymentStatus"] == "Refunded"
    assert_undone(shop)


@pytest.mark.parametrize("stage", ["record", "confirm"])
def test_a_technical_error_is_reviewed(stage: str, shop: Shop, context: LambdaContext) -> None:
    shop.paid()
    answer = handler(payload(stage, "DynamoDB.InternalServerError"), context)
    assert (answer["reason"], answer["review"]) == ("ProcessingError", True)
    assert answer["detailType"] == "OrderRejected"
    assert_undone(shop)
    assert shop.review()["Failed"] == "ProcessingError: why"
    assert shop.review()["Done"] == "everything was undone"


def test_a_repetition_answers_the_same_and_undoes_nothing_twice(
    shop: Shop, context: LambdaContext
) -> None:
    shop.paid()
    first = handler(payload("shipping", "ShippingFailed"), context)
    row = shop.row()
    assert handler(payload("shipping", "ShippingFailed"), context) == first
    assert shop.row() == row
    assert shop.operations() == ["authorize", "capture", "refund"]
    assert_undone(shop)


def test_an_order_that_was_confirmed_stands(shop: Shop, context: LambdaContext) -> None:
    shop.paid()
    shop.set(State="PROCESSED", OrderStatus="Confirmed", PaymentStatus="Successful")
    answer = handler(payload("confirm", "States.Timeout"), context)
    assert (answer["stands"], answer["detailType"]) == (True, "OrderConfirmed")
    assert (answer["review"], answer["refunded"], answer["reason"]) == (False, False, "")
    assert shop.operations() == ["authorize", "capture"]
    assert shop.cart()["Status"] == "OPEN"
    assert shop.pending("payment") == {}


def test_an_order_that_was_failed_before_keeps_its_reason(
    shop: Shop, context: LambdaContext
) -> None:
    shop.orders.fail({"orderId": ORDER_ID}, UNSHIPPED.columns)
    answer = handler(payload("confirm", "States.Timeout"), context)
    assert (answer["reason"], answer["cause"]) == ("ShippingFailed", "no van")
    assert_undone(shop)


class Unreachable:
    """A payment service that cannot be asked to give anything back."""

    def cancel(self, order_id: str) -> Voided:
        raise ConnectionError("ada@example.com")


def test_a_refund_that_fails_leaves_the_rest_undone_and_calls_a_human(
    shop: Shop, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.paid()
    shop.set(PaymentStatus="Successful")
    monkeypatch.setattr(checkout_wiring, "cancellation", Unreachable)
    answer = handler(payload("shipping", "ShippingFailed"), context)
    assert answer["uncompensated"] == ["CancelPayment"]
    assert (answer["review"], answer["refunded"]) == (True, False)
    row = shop.row()
    assert (row["State"], row["Compensated"]) == ("FAILED", False)
    assert row["PaymentStatus"] == "Successful"
    assert (shop.held("Orange"), shop.cart()["Status"]) == ((10, 0), "FAILED")
    assert shop.review()["Done"] == "not undone: CancelPayment"


def test_a_refused_creation_is_recorded_with_its_reason(
    dynamodb: Any, context: LambdaContext
) -> None:
    shop = Shop(dynamodb).stocked()
    answer = handler(payload("create", "OutOfStock", "not enough stock of Banana"), context)
    assert (answer["recorded"], answer["orderId"]) == (True, ORDER_ID)
    assert (answer["reason"], answer["detailType"]) == ("OutOfStock", "OrderRejected")
    assert_undone(shop)
    row = shop.row()
    assert (row["CustomerId"], row["Email"], row["OrderTotal"]) == (CART, "ada@example.com", 127)
    assert (row["ExecutionArn"], row["Cause"]) == (EXECUTION, "not enough stock of Banana")
    assert handler(payload("create", "OutOfStock", "not enough stock of Banana"), context) == answer


@pytest.mark.parametrize(
    "more",
    [
        {"error": "InvalidOrder", "cause": "Email is missing"},
        {"error": "States.Timeout", "checkout": {**DOCUMENT, "Email": "ada"}},
    ],
    ids=["refused", "never told"],
)
def test_an_invalid_order_is_not_recorded(
    more: dict[str, Any], dynamodb: Any, context: LambdaContext
) -> None:
    answer = handler({**payload("create", "X"), **more}, context)
    assert (answer["recorded"], answer["stands"], answer["reason"]) == (
        False,
        False,
        "InvalidOrder",
    )
    assert answer["cause"].startswith("Email")
    shop = Shop(dynamodb)
    assert shop.rows("Carts") == shop.rows("CustomerOrders") == shop.rows("Reservations") == []


@pytest.mark.parametrize("error", ["InvalidOrder", "States.Timeout"])
def test_another_executions_order_is_left_alone(
    error: str, shop: Shop, context: LambdaContext
) -> None:
    event = payload("create", error, executionArn=ANOTHER)
    answer = handler(event, context)
    assert (answer["recorded"], answer["reason"]) == (False, "InvalidOrder")
    assert (shop.row()["State"], shop.cart()["Status"]) == ("PENDING", "OPEN")
    assert shop.held("Orange") == (9, 1)


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
    bury = late.carts.bury

    def beaten(*arguments: Any) -> None:
        shop.attempts.create(checkout(), EXECUTION)
        bury(*arguments)

    object.__setattr__(late.carts, "bury", beaten)
    row = late.attempts.find_or_bury(checkout(), EXECUTION, UNPAID.columns)
    assert row["State"] == "PENDING"
    late.failure.fail({"orderId": row["OrderId"]}, UNPAID)
    assert_undone(shop)


@pytest.mark.parametrize("why", [UNPAID, UNSHIPPED, refusal(Stage.CONFIRM, "X", "why")])
def test_after_a_crash_anywhere_the_same_call_finishes(why: Any, dynamodb: Any) -> None:
    for steps in count():
        cart = f"cart-{steps}"
        order = order_id(cart, 1)
        shop = Shop(dynamodb).stocked()
        shop.attempts.create(checkout(CartId=cart), EXECUTION)
        shop.paid(order)
        fused = Shop(dynamodb, Cut(steps)).failure
        try:
            fused.fail({"orderId": order}, why)
            break
        except Crash:
            failed = fused.fail({"orderId": order}, why)
        assert failed.row["PaymentStatus"] == "Refunded"
        assert shop.operations(order) == ["authorize", "capture", "refund"]
        assert_undone(shop, order)
    assert steps == (9 if why.review else 7)


def test_after_a_crash_anywhere_an_attempt_that_never_opened_is_recorded(dynamodb: Any) -> None:
    for steps in count():
        cart = checkout(CartId=f"cart-{steps}")
        order = order_id(cart.cart_id, 1)
        shop = Shop(dynamodb, Cut(steps)).stocked()

        def fail(shop: Shop = shop, cart: Any = cart) -> None:
            row = shop.attempts.find_or_bury(cart, EXECUTION, UNPAID.columns)
            shop.failure.fail({"orderId": row["OrderId"]}, UNPAID)

        try:
            fail()
            break
        except Crash:
            fail()
        assert_undone(shop, order)
    assert steps == 5
