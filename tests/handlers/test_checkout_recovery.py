"""Finishing a checkout whose execution ended without doing so itself."""

from itertools import count
from typing import Any

import pytest

from handlers.domain.checkout import order_id
from handlers.domain.checkout_refusals import Stage, refusal
from handlers.domain.errors import PaymentGatewayUnavailable
from handlers.domain.payments import Voided
from handlers.domain.recovery import SUPPORT_TOLD, EndedExecution, Verdict
from tests.handlers.checkouts import ANOTHER, CART, DOCUMENT, EXECUTION, ORDER_ID, Shop, checkout
from tests.handlers.fakes import Crash, Cut

TIMED_OUT = EndedExecution(DOCUMENT, EXECUTION, "TIMED_OUT")
REFUSED = EndedExecution(DOCUMENT, EXECUTION, "FAILED", "ShippingFailed", "no van")
PAID = refusal(Stage.SHIPPING, "ShippingFailed", "no van")


@pytest.fixture
def shop(dynamodb: Any) -> Shop:
    """A shop with an order that is paid."""
    made = Shop(dynamodb).stocked()
    made.attempts.create(checkout(), EXECUTION)
    made.paid()
    made.set(PaymentStatus="Successful")
    return made


def assert_undone(shop: Shop, order: str = ORDER_ID) -> None:
    row = shop.row(order)
    assert (row["State"], row["OrderStatus"], row["Compensated"]) == ("FAILED", "Failed", True)
    assert shop.operations(order) == ["authorize", "capture", "refund"]
    assert (shop.reservation(order)["Status"], shop.held("Banana")) == ("RELEASED", (10, 0))
    assert shop.cart(row["CartId"])["Status"] == "FAILED"


def test_an_order_left_behind_is_undone_reviewed_and_told(shop: Shop) -> None:
    assert shop.recovery.reconcile(TIMED_OUT) is Verdict.COMPENSATED
    assert_undone(shop)
    row = shop.row()
    assert (row["Reason"], row["Cause"]) == ("ProcessingError", "the execution ended TIMED_OUT")
    assert (row["PaymentStatus"], row["ShippingStatus"]) == ("Refunded", "Unsuccessful")
    assert "PublishedAt" in row
    assert shop.bus.types == ["ManualReviewRequired", "OrderRejected"]
    assert shop.review()["Done"] == "everything was undone"


def test_a_second_delivery_does_nothing(shop: Shop) -> None:
    shop.recovery.reconcile(TIMED_OUT)
    assert shop.recovery.reconcile(TIMED_OUT) is Verdict.COMPENSATED_BEFORE
    assert_undone(shop)
    assert shop.bus.types == ["ManualReviewRequired", "OrderRejected"]


def test_an_order_that_was_confirmed_stands(shop: Shop) -> None:
    shop.set(State="PROCESSED")
    assert shop.recovery.reconcile(TIMED_OUT) is Verdict.STANDS
    assert shop.operations() == ["authorize", "capture"]
    assert (shop.bus.types, shop.review()) == ([], {})


def test_what_the_machine_finished_is_left_alone(shop: Shop) -> None:
    shop.failure.fail({"orderId": ORDER_ID}, PAID)
    assert shop.recovery.reconcile(REFUSED) is Verdict.COMPENSATED_BEFORE
    assert shop.bus.types == []


def test_what_the_machine_told_but_could_not_undo_is_undone_and_not_told_again(shop: Shop) -> None:
    shop.orders.fail({"orderId": ORDER_ID}, PAID.columns)
    assert shop.recovery.reconcile(REFUSED) is Verdict.COMPENSATED
    assert_undone(shop)
    assert (shop.row()["Reason"], shop.bus.types) == ("ShippingFailed", [])


def test_what_the_machine_did_not_learn_that_it_recorded_is_told(shop: Shop) -> None:
    shop.orders.fail({"orderId": ORDER_ID}, PAID.columns)
    ended = EndedExecution(DOCUMENT, EXECUTION, "FAILED", "ShippingFailed", "no answer")
    shop.recovery.reconcile(ended)
    assert shop.bus.types == ["ManualReviewRequired", "ShippingFailed"]


def test_support_that_the_machine_told_is_not_told_again(shop: Shop) -> None:
    said = f"it could not be recorded{SUPPORT_TOLD}"
    ended = EndedExecution(DOCUMENT, EXECUTION, "FAILED", "ProcessingError", said)
    shop.recovery.reconcile(ended)
    assert shop.bus.types == ["OrderRejected"]
    assert "Untold" not in shop.review()
    assert shop.review()["Done"] == "everything was undone"


def test_a_failure_that_the_machine_recorded_and_never_told_is_told_by_its_reason(
    shop: Shop,
) -> None:
    shop.orders.fail({"orderId": ORDER_ID}, PAID.columns)
    shop.recovery.reconcile(TIMED_OUT)
    assert shop.bus.types == ["ManualReviewRequired", "ShippingFailed"]


def test_an_execution_that_failed_as_its_recovery_would_name_it_is_told(shop: Shop) -> None:
    """The machine's own error may be ProcessingError too; only its own record counts as told."""
    ended = EndedExecution(DOCUMENT, EXECUTION, "FAILED", "ProcessingError")
    assert shop.recovery.reconcile(ended) is Verdict.COMPENSATED
    assert shop.bus.types == ["ManualReviewRequired", "OrderRejected"]


@pytest.mark.parametrize("reason", ["ShippingFailed", "PaymentFailed"])
def test_a_failure_that_was_never_recorded_keeps_the_reason_that_its_machine_ended_with(
    reason: str, shop: Shop
) -> None:
    said = f"the failure could not be recorded{SUPPORT_TOLD}"
    shop.recovery.reconcile(EndedExecution(DOCUMENT, EXECUTION, "FAILED", reason, said))
    assert_undone(shop)
    assert (shop.row()["Reason"], shop.bus.types) == (reason, [reason])
    assert shop.review()["Failed"].startswith(f"{reason}: the execution ended FAILED")


@pytest.mark.parametrize(
    ("status", "error"), [("ABORTED", "ShippingFailed"), ("FAILED", "States.Runtime")]
)
def test_only_a_machines_own_refusal_is_taken_for_a_reason(
    status: str, error: str, shop: Shop
) -> None:
    """Whoever stops an execution may call the error what they like."""
    shop.recovery.reconcile(EndedExecution(DOCUMENT, EXECUTION, status, error))
    assert shop.row()["Reason"] == "ProcessingError"


def test_a_checkout_that_was_never_created_keeps_the_reason_too(dynamodb: Any) -> None:
    shop = Shop(dynamodb).stocked()
    shop.recovery.reconcile(EndedExecution(DOCUMENT, EXECUTION, "FAILED", "OutOfStock", "why"))
    assert (shop.row()["Reason"], shop.row()["Compensated"]) == ("OutOfStock", True)


def test_an_attempt_is_finished_after_the_cart_went_on(shop: Shop) -> None:
    shop.orders.fail({"orderId": ORDER_ID}, PAID.columns)
    shop.carts.fail(CART, ORDER_ID)
    shop.attempts.create(checkout(), ANOTHER)
    assert shop.recovery.reconcile(TIMED_OUT) is Verdict.COMPENSATED
    assert shop.operations()[-1] == "refund"
    assert shop.row(order_id(CART, 2))["State"] == "PENDING"
    assert (shop.cart()["Status"], shop.held("Orange")) == ("OPEN", (9, 1))


def test_an_execution_that_ended_before_its_order_was_created_gets_a_failed_one(
    dynamodb: Any,
) -> None:
    shop = Shop(dynamodb).stocked()
    assert shop.recovery.reconcile(TIMED_OUT) is Verdict.COMPENSATED
    row = shop.row()
    assert (row["State"], row["Compensated"], row["RecoveredFrom"]) == ("FAILED", True, EXECUTION)
    assert (shop.cart()["Status"], shop.reservation()["Status"]) == ("FAILED", "RELEASED")
    assert shop.bus.types == ["ManualReviewRequired", "OrderRejected"]


@pytest.mark.parametrize(
    "ended",
    [
        EndedExecution(DOCUMENT, ANOTHER, "FAILED", "InvalidOrder"),
        EndedExecution(DOCUMENT, ANOTHER, "TIMED_OUT"),
        EndedExecution({"CartId": 7}, ANOTHER, "FAILED", "InvalidOrder"),
    ],
    ids=["refused", "cut off", "malformed"],
)
def test_an_execution_without_an_order_leaves_the_carts_order_alone(
    ended: EndedExecution, shop: Shop
) -> None:
    assert shop.recovery.reconcile(ended) is Verdict.NOTHING_DONE
    assert (shop.row()["State"], shop.bus.types) == ("PENDING", [])


def test_a_refused_execution_writes_nothing(dynamodb: Any) -> None:
    shop = Shop(dynamodb).stocked()
    refused = EndedExecution(DOCUMENT, EXECUTION, "FAILED", "InvalidOrder")
    assert shop.recovery.reconcile(refused) is Verdict.NOTHING_DONE
    assert shop.rows("Carts") == shop.rows("CustomerOrders") == []


def test_a_cancellation_that_fails_is_an_error_after_the_rest_was_undone(shop: Shop) -> None:
    class Unreachable:
        def cancel(self, order_id: str) -> Voided:
            raise PaymentGatewayUnavailable("no answer")

    working, shop.cancellation = shop.cancellation, Unreachable()  # type: ignore[assignment]
    for _ in range(2):
        with pytest.raises(PaymentGatewayUnavailable):
            shop.recovery.reconcile(TIMED_OUT)
    assert (shop.row()["Compensated"], shop.held("Orange")) == (False, (10, 0))
    assert shop.bus.types == ["ManualReviewRequired"]
    shop.cancellation = working
    assert shop.recovery.reconcile(TIMED_OUT) is Verdict.COMPENSATED
    assert_undone(shop)
    assert shop.bus.types == ["ManualReviewRequired", "OrderRejected"]


def test_a_sweep_goes_by_the_reservations_order(shop: Shop) -> None:
    gone = EndedExecution({"orderId": ORDER_ID}, EXECUTION, "GONE")
    assert shop.recovery.sweep(gone) is Verdict.COMPENSATED
    assert_undone(shop)
    shop.put("Reservations", **{**shop.reservation(), "Status": "RESERVED"})
    shop.put("Inventory", ProductId="Orange", OnHand=9, Reserved=1)
    shop.put("Inventory", ProductId="Banana", OnHand=8, Reserved=2)
    assert shop.recovery.sweep(gone) is Verdict.COMPENSATED_BEFORE
    assert_undone(shop)


def test_a_sweep_of_an_order_nobody_has_does_nothing(shop: Shop) -> None:
    gone = EndedExecution({"orderId": "o-2"}, EXECUTION, "GONE")
    assert shop.recovery.sweep(gone) is Verdict.NOTHING_DONE


@pytest.mark.parametrize("is_created", [True, False], ids=["paid", "never created"])
def test_after_a_crash_anywhere_the_next_delivery_finishes(is_created: bool, dynamodb: Any) -> None:
    for steps in count():
        document = {**DOCUMENT, "CartId": f"cart-{steps}"}
        order = order_id(document["CartId"], 1)
        shop = Shop(dynamodb, Cut(steps)).stocked()
        if is_created:
            Shop(dynamodb).attempts.create(checkout(**document), EXECUTION)
            Shop(dynamodb).paid(order)
        ended = EndedExecution(document, EXECUTION, "TIMED_OUT")
        try:
            shop.recovery.reconcile(ended)
            break
        except Crash:
            shop.recovery.reconcile(ended)
        row = shop.row(order)
        assert (row["State"], row["Compensated"]) == ("FAILED", True)
        assert shop.operations(order)[-1:] == (["refund"] if is_created else [])
        assert (shop.held("Orange"), shop.held("Banana")) == ((10, 0), (10, 0))
        assert shop.cart(row["CartId"])["Status"] == "FAILED"
        assert 1 <= shop.bus.types.count("ManualReviewRequired") <= 2
        assert shop.bus.types.count("OrderRejected") <= 1
    assert steps == (13 if is_created else 11)
