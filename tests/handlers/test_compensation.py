"""Compensating an order by its id: its payment first, then its stock, and neither twice."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from handlers.orders.rules.compensation import Compensated, Compensator, NotCompensated
from handlers.orders.rules.ports import Row
from handlers.payments.rules.errors import PaymentGatewayUnavailable, PaymentVoided
from handlers.shared.adapters import transient
from handlers.stock.rules.errors import StockCommitted
from tests.handlers.checkouts import ANOTHER, CART, EXECUTION, ORDER_ID, Shop, checkout
from tests.handlers.ended import Held

FAILED: Row = {"OrderId": "o-1", "State": "FAILED"}
CANCELLED: Row = {**FAILED, "State": "CANCELLED"}


@pytest.fixture
def held(dynamodb: Any) -> Held:
    return Held(dynamodb)


def compensator(held: Held) -> Compensator:
    made = Shop(held.client).compensator
    return replace(made, payments=held.gateway, stock=held.stock)


def compensate(held: Held, row: Row = FAILED) -> Compensated:
    return compensator(held).compensate(row)


def test_a_capture_is_refunded_and_its_stock_released(held: Held) -> None:
    held.reserve().capture()
    assert compensate(held) == Compensated("Refunded", "REFUNDED", released=True)
    assert held.operations == ["authorize", "capture", "refund"]
    assert (held.reservation, held.on_hand) == ("RELEASED", {"a": (5, 0), "b": (5, 0)})


def test_a_hold_is_voided(held: Held) -> None:
    held.authorize()
    assert compensate(held) == Compensated("Unsuccessful", "VOIDED", released=False)
    assert held.operations == ["authorize", "void"]


def test_an_order_that_holds_nothing_leaves_tombstones_that_refuse_what_lands_late(
    held: Held,
) -> None:
    assert compensate(held) == Compensated("Unsuccessful", "NOTHING", released=False)
    with pytest.raises(PaymentVoided):
        held.authorize()
    late = {"OrderId": {"S": "o-1"}, "Status": {"S": "RESERVED"}}
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        held.client.put_item(
            TableName="Reservations",
            Item=late,
            ConditionExpression="attribute_not_exists(OrderId)",
        )


def test_a_repetition_gives_back_nothing_more_and_answers_the_same(held: Held) -> None:
    held.reserve().capture()
    assert compensate(held) == compensate(held)
    assert held.operations == ["authorize", "capture", "refund"]
    assert held.on_hand == {"a": (5, 0), "b": (5, 0)}


def test_an_order_that_was_paid_is_refunded_though_its_payment_is_not_found(held: Held) -> None:
    found = compensate(held, {**FAILED, "PaymentStatus": "Successful"})
    assert found.payment_status == "Refunded"


def test_committed_stock_is_given_back_of_a_cancelled_order_only(held: Held) -> None:
    held.reserve("COMMITTED").capture()
    with pytest.raises(NotCompensated) as caught:
        compensate(held)
    assert (caught.value.step, type(caught.value.error)) == ("ReleaseStock", StockCommitted)
    assert held.on_hand == {"a": (4, 1), "b": (3, 2)}
    assert compensate(held, CANCELLED).released
    assert held.on_hand == {"a": (5, 0), "b": (5, 0)}


NO_ANSWER = ReadTimeoutError(endpoint_url="https://aws")


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (PaymentGatewayUnavailable("no answer"), True),
        (NO_ANSWER, True),
        (PaymentVoided("the gateway is gone"), False),
        (KeyError("Status"), False),
    ],
)
def test_nothing_is_released_after_a_void_that_failed(
    error: Exception, passes: bool, held: Held
) -> None:
    class Unable:
        def void(self, order_id: str) -> Any:
            raise error

    held.reserve().capture()
    with pytest.raises(NotCompensated) as caught:
        replace(compensator(held), payments=Unable()).compensate(FAILED)
    assert (caught.value.step, caught.value.error) == ("VoidPayment", error)
    assert caught.value.passes is passes
    held.assert_held()


def test_stock_that_cannot_be_released_leaves_the_payment_refunded(held: Held) -> None:
    held.reserve().capture().spoil()
    with pytest.raises(
        NotCompensated, match="ReleaseStock failed with StockInconsistent"
    ) as caught:
        compensate(held)
    assert not caught.value.passes
    assert (held.operations[-1], held.reservation) == ("refund", "RESERVED")
    held.correct()
    assert compensate(held).released


@pytest.mark.parametrize(
    ("compensated", "sentence"),
    [
        (Compensated("Refunded", "REFUNDED", True), "payment: refunded; stock: released"),
        (Compensated("Unsuccessful", "VOIDED", True), "payment: voided; stock: released"),
        (
            Compensated("Unsuccessful", "NOTHING", False),
            "payment: nothing; stock: none was reserved",
        ),
    ],
)
def test_what_was_given_back_is_a_sentence(compensated: Compensated, sentence: str) -> None:
    assert str(compensated) == sentence


@pytest.fixture
def shop(dynamodb: Any) -> Shop:
    """A shop with a checkout that is paid."""
    made = Shop(dynamodb).stocked()
    made.attempts.create(checkout(), EXECUTION)
    made.paid()
    made.set(State="FAILED", PaymentStatus="Successful")
    return made


def test_a_checkout_also_closes_its_callbacks_and_frees_its_cart(shop: Shop) -> None:
    found = shop.compensator.compensate(shop.row())
    assert found == Compensated("Refunded", "REFUNDED", released=True)
    for step in ("payment", "shipping"):
        assert shop.pending(step)["Status"] == "CLOSED"
    assert shop.operations() == ["authorize", "capture", "refund"]
    assert (shop.held("Orange"), shop.held("Banana")) == ((10, 0), (10, 0))
    assert shop.cart()["Status"] == "FAILED"


class Recorded:
    """Everything that a checkout holds, which says in which order it is given back."""

    def __init__(self, failing: str = "") -> None:
        self.failing, self.steps = failing, list[str]()

    def _step(self, name: str) -> None:
        self.steps.append(name)
        if name == self.failing:
            raise KeyError(name)

    def close(self, order_id: str) -> None:
        self._step("CloseCallbacks")

    def cancel(self, order_id: str) -> Any:
        self._step("CancelPayment")
        return "REFUNDED"

    def release(self, order_id: str, *, committed: bool = False) -> bool:
        self._step("ReleaseStock")
        return True

    def free(self, cart_id: str, order_id: str) -> None:
        self._step("FreeCart")


STEPS = ["CloseCallbacks", "CancelPayment", "ReleaseStock", "FreeCart"]


@pytest.mark.parametrize("failing", [*STEPS, ""])
def test_a_checkout_is_compensated_in_an_order_and_ends_with_the_step_that_failed(
    failing: str, shop: Shop
) -> None:
    recorded = Recorded(failing)
    checkouts = replace(
        shop.compensator.checkouts, callbacks=recorded, payments=recorded, carts=recorded
    )
    made = replace(shop.compensator, checkouts=checkouts, stock=recorded)
    if failing:
        with pytest.raises(NotCompensated) as caught:
            made.compensate(shop.row())
        assert caught.value.step == failing
        assert recorded.steps == STEPS[: STEPS.index(failing) + 1]
    else:
        made.compensate(shop.row())
        assert recorded.steps == STEPS


def test_a_cart_that_went_on_is_left_to_its_new_attempt(shop: Shop) -> None:
    row = shop.row()
    shop.compensator.compensate(row)
    shop.attempts.create(checkout(), ANOTHER)
    shop.compensator.compensate(row)
    assert (shop.cart()["Status"], shop.cart()["ExecutionArn"]) == ("OPEN", ANOTHER)
    assert shop.cart()["OrderId"] != ORDER_ID


def test_a_confirmed_checkout_that_is_cancelled_gives_back_its_committed_stock(shop: Shop) -> None:
    shop.put("Reservations", **{**shop.reservation(), "Status": "COMMITTED"})
    shop.put("Carts", **{**shop.cart(), "Status": "CONFIRMED"})
    shop.set(State="CANCELLED")
    assert shop.compensator.compensate(shop.row()).released
    assert shop.cart(CART)["Status"] == "CONFIRMED"


def test_every_port_that_can_pass_is_asked_by_the_same_rule(shop: Shop) -> None:
    assert shop.compensator.passes is transient.passes
