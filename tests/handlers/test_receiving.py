"""What becomes of a callback, whatever happens beside it."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.checkout.rules.answers import Step, answer
from handlers.checkout.rules.callback_receiver import Outcome, Receiving
from handlers.checkout.rules.checkout_request import order_id
from handlers.checkout.rules.late_payments import Refunds
from handlers.checkout.rules.refusals import Refusal, Stage, refusal
from handlers.orders.rules.states import Voided
from handlers.payments.rules.errors import PaymentGatewayUnavailable
from tests.handlers.checkouts import CART, EXECUTION, ORDER_ID, Shop, checkout
from tests.handlers.fakes import Crash, Fuse

WORDS = {
    Step.PAYMENT: ("succeeded", "failed", "nonsense"),
    Step.SHIPPING: ("available", "unavailable", "nonsense"),
}
PAYMENT, SHIPPING = Step.PAYMENT, Step.SHIPPING


@pytest.fixture
def shop(dynamodb: Any) -> Shop:
    """A shop with an order that waits for its payment."""
    made = Shop(dynamodb).stocked()
    made.attempts.create(checkout(), EXECUTION)
    return made


def wait(shop: Shop, step: Step = PAYMENT, token: str = "t-1", order: str = ORDER_ID) -> None:
    assert shop.callbacks.wait(order, step, token) is not None
    shop.machine.waiting.add(token)


def fail(shop: Shop, step: Step, error: str, cause: str = "") -> None:
    shop.fail(refusal(Stage(step), error, cause))


def fence(shop: Shop, why: Refusal) -> None:
    """What a machine has written when it is stopped before it compensates."""
    shop.orders.fence(ORDER_ID, EXECUTION, why.columns)


def proceed(shop: Shop, order: str = ORDER_ID) -> None:
    """What the machine does with the answer that its task took last."""
    said = shop.machine.answers[-1]
    if said.succeeded:
        shop.set(order, **{said.language.status: "Successful"})
    else:
        shop.fail(refusal(Stage(said.step), said.language.error, said.cause), order)


@pytest.mark.parametrize("step", Step)
def test_the_success_word_passes_the_step(step: Step, shop: Shop) -> None:
    wait(shop, step)
    assert shop.receiving.receive(step, ORDER_ID, WORDS[step][0]) is Outcome.ACCEPTED
    assert shop.machine.answers == [answer(step, WORDS[step][0])]
    assert shop.machine.answers[0].succeeded
    row = shop.pending(step)
    assert (row["Status"], row["Answer"]) == ("ANSWERED", WORDS[step][0])
    assert "Token" not in row


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("place", [1, 2])
def test_every_other_word_fails_the_step_with_a_cause_of_its_kind(
    step: Step, place: int, shop: Shop
) -> None:
    wait(shop, step)
    assert shop.receiving.receive(step, ORDER_ID, WORDS[step][place]) is Outcome.ACCEPTED
    (said,) = shop.machine.answers
    assert not said.succeeded
    assert ("unknown status" in said.cause) == (place == 2)


@pytest.mark.parametrize("word", ["Succeeded", " succeeded", "success", "available", "", "ok"])
def test_only_the_exact_word_passes(word: str) -> None:
    assert not answer(PAYMENT, word).succeeded


def test_a_repeated_callback_changes_nothing(shop: Shop) -> None:
    wait(shop)
    shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded")
    before = shop.pending(PAYMENT)
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded") is Outcome.REPEATED
    assert shop.pending(PAYMENT) == before
    assert len(shop.machine.answers) == 1


def test_a_contradicting_callback_changes_nothing(shop: Shop) -> None:
    wait(shop)
    shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded")
    for word in ("failed", "nonsense"):
        assert shop.receiving.receive(PAYMENT, ORDER_ID, word) is Outcome.CONTRADICTS
    assert len(shop.machine.answers) == 1


def test_two_unknown_words_are_the_same_answer(shop: Shop) -> None:
    wait(shop)
    shop.receiving.receive(PAYMENT, ORDER_ID, "one")
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "another") is Outcome.REPEATED


def test_an_order_nobody_knows_is_unknown(shop: Shop) -> None:
    assert shop.receiving.receive(PAYMENT, "o-2", "succeeded") is Outcome.UNKNOWN_ORDER
    shop.put("CustomerOrders", OrderId="o-2", State="PENDING")
    assert shop.receiving.receive(PAYMENT, "o-2", "succeeded") is Outcome.UNKNOWN_ORDER
    assert shop.rows("PendingCallbacks") == []


def test_processing_keeps_the_task_alive(shop: Shop) -> None:
    wait(shop)
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "processing") is Outcome.NOTED
    assert shop.machine.heartbeats == ["t-1"]
    assert shop.pending(PAYMENT)["Status"] == "WAITING"


def test_processing_is_noted_before_the_task_waits_and_after_it_was_answered(shop: Shop) -> None:
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "processing") is Outcome.NOTED
    wait(shop)
    shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded")
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "processing") is Outcome.NOTED


def test_processing_of_a_task_that_is_gone_is_late(shop: Shop) -> None:
    wait(shop)
    shop.machine.waiting.clear()
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "processing") is Outcome.LATE
    fail(shop, PAYMENT, "States.HeartbeatTimeout")
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "processing") is Outcome.LATE


def test_a_late_success_changes_no_row_but_makes_sure_of_the_refund(shop: Shop) -> None:
    wait(shop)
    shop.machine.waiting.clear()
    fail(shop, PAYMENT, "States.Timeout")
    before = [shop.row(), shop.pending(PAYMENT)]
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded") is Outcome.LATE
    assert before == [shop.row(), shop.pending(PAYMENT)]
    assert shop.operations() == []


class Deaf:
    """A payment service that does not give money back the first time."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.times = shop, 0

    def cancel(self, order_id: str) -> Voided:
        self.times += 1
        if self.times == 1:
            raise PaymentGatewayUnavailable("no answer")
        return self.shop.gateway.void(order_id)


def with_refunds_by(shop: Shop, payments: Any) -> Receiving:
    refunds = Refunds(payments, shop.reviews)
    return Receiving(shop.orders, shop.callbacks, shop.machine, refunds, shop.slept.append)


def test_a_late_payment_that_cannot_be_given_back_is_reviewed_once_and_tried_again(
    shop: Shop,
) -> None:
    fence(shop, refusal(Stage.PAYMENT, "States.Timeout", ""))
    shop.callbacks.close(ORDER_ID)
    shop.paid()
    before = shop.row()
    receiving = with_refunds_by(shop, Deaf(shop))
    with pytest.raises(PaymentGatewayUnavailable):
        receiving.receive(PAYMENT, ORDER_ID, "succeeded")
    review = shop.review("LatePayment", execution="receive_callback")
    assert review["ToDo"].startswith("cancel the payment")
    assert (review["Reason"], review["CustomerId"]) == ("PaymentGatewayUnavailable", CART)
    assert receiving.receive(PAYMENT, ORDER_ID, "succeeded") is Outcome.LATE
    assert shop.operations() == ["authorize", "capture", "refund"]
    assert shop.rows("ManualReview") == [review]
    assert shop.row() == before


def test_a_success_that_contradicts_the_failure_of_a_failed_order_is_refunded(shop: Shop) -> None:
    wait(shop)
    shop.receiving.receive(PAYMENT, ORDER_ID, "failed")
    fence(shop, refusal(Stage.PAYMENT, "PaymentFailed", "x"))
    shop.paid()
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded") is Outcome.CONTRADICTS
    assert shop.operations()[-1] == "refund"


def test_a_late_word_about_shipping_refunds_nothing_by_itself(shop: Shop) -> None:
    fence(shop, refusal(Stage.SHIPPING, "States.Timeout", ""))
    shop.paid()
    assert shop.receiving.receive(SHIPPING, ORDER_ID, "available") is Outcome.LATE
    assert shop.operations() == ["authorize", "capture"]


def test_an_answer_before_its_token_is_kept_once(shop: Shop) -> None:
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded") is Outcome.KEPT
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded") is Outcome.REPEATED
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "failed") is Outcome.CONTRADICTS
    assert shop.pending(PAYMENT)["Answer"] == "succeeded"
    assert shop.machine.answers == []


def test_a_token_that_is_stored_while_an_answer_is_to_be_kept_gets_it(shop: Shop) -> None:
    keep = shop.callbacks.keep

    def beaten(*arguments: Any) -> bool:
        wait(shop)
        return keep(*arguments)

    object.__setattr__(shop.callbacks, "keep", beaten)
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded") is Outcome.ACCEPTED
    assert [said.word for said in shop.machine.answers] == ["succeeded"]


def test_a_token_that_was_replaced_is_looked_up_again(shop: Shop) -> None:
    wait(shop, token="t-1")

    def replaced() -> None:
        shop.machine.before = lambda: None
        shop.machine.waiting.clear()
        wait(shop, token="t-2")

    shop.machine.before = replaced
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded") is Outcome.ACCEPTED
    assert shop.machine.waiting == set()


@pytest.mark.parametrize(("rival", "outcome"), [(0, Outcome.REPEATED), (1, Outcome.CONTRADICTS)])
@pytest.mark.parametrize("step", Step)
def test_of_two_racing_callbacks_one_answers_the_task(
    step: Step, rival: int, outcome: Outcome, shop: Shop
) -> None:
    wait(shop, step)

    def overtaken() -> None:
        shop.machine.before = lambda: None
        word = WORDS[step][rival]
        assert shop.receiving.receive(step, ORDER_ID, word) is Outcome.ACCEPTED

    shop.machine.before = overtaken
    assert shop.receiving.receive(step, ORDER_ID, WORDS[step][0]) is outcome
    assert [said.word for said in shop.machine.answers] == [WORDS[step][rival]]


def test_a_callback_that_races_its_tasks_timeout_is_late_and_refunded(shop: Shop) -> None:
    wait(shop)
    shop.paid()

    def timed_out() -> None:
        shop.machine.waiting.clear()
        fail(shop, PAYMENT, "States.Timeout")

    shop.machine.before = timed_out
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded") is Outcome.LATE
    assert shop.operations() == ["authorize", "capture", "refund"]


def test_while_nobody_can_tell_the_service_is_asked_to_call_again(shop: Shop) -> None:
    wait(shop)
    shop.machine.waiting.clear()
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded") is Outcome.UNDECIDED
    assert sum(shop.slept) < 5


def test_a_token_that_has_expired_is_not_used(shop: Shop) -> None:
    wait(shop)
    shop.put("PendingCallbacks", **{**shop.pending(PAYMENT), "ExpiresAt": 1})
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded") is Outcome.UNDECIDED
    assert shop.machine.answers == []


def test_what_was_noted_and_has_expired_is_still_known_from_the_order(shop: Shop) -> None:
    shop.set(PaymentStatus="Successful")
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "succeeded") is Outcome.REPEATED
    assert shop.receiving.receive(PAYMENT, ORDER_ID, "failed") is Outcome.CONTRADICTS
    assert shop.rows("PendingCallbacks") == []


@pytest.mark.parametrize("step", Step)
def test_an_answer_that_a_task_took_is_not_noted_once_the_order_has_failed(
    step: Step, shop: Shop
) -> None:
    """Nor does the row take a token again: nothing may be requested for it any more."""
    wait(shop, step)
    shop.machine.waiting.clear()
    fail(shop, step, "States.Timeout")
    closed = shop.pending(step)
    shop.callbacks.mark(ORDER_ID, answer(step, WORDS[step][0]))
    assert shop.pending(step) == closed
    assert closed["Status"] == "CLOSED"
    assert shop.callbacks.wait(ORDER_ID, step, "t-2") is None
    assert not shop.callbacks.keep(ORDER_ID, answer(step, WORDS[step][0]))


def test_the_first_answer_that_was_noted_stays(shop: Shop) -> None:
    wait(shop)
    for word in ("succeeded", "failed"):
        shop.callbacks.mark(ORDER_ID, answer(PAYMENT, word))
    assert shop.pending(PAYMENT)["Answer"] == "succeeded"


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_after_a_crash_anywhere_the_repeated_callback_finds_out(
    step: Step, place: int, dynamodb: Any
) -> None:
    """The task takes its answer at most once, whether or not that was noted."""
    word = WORDS[step][place]
    for steps in count():
        cart = f"cart-{steps}"
        order = order_id(cart, 1)
        shop = Shop(dynamodb).stocked()
        shop.attempts.create(checkout(CartId=cart), EXECUTION)
        wait(shop, step, order=order)
        fused = Shop(dynamodb, Fuse(steps))
        fused.machine = shop.machine
        shop.machine.before = fuse_of(fused)
        try:
            fused.receiving.receive(step, order, word)
            break
        except Crash:
            shop.machine.before = lambda: None
        if shop.machine.answers:
            proceed(shop, order)
        outcome = fused.receiving.receive(step, order, word)
        answered_before = steps > 0
        assert outcome is (Outcome.REPEATED if answered_before else Outcome.ACCEPTED)
        assert [said.word for said in shop.machine.answers] == [answer(step, word).word]
    assert steps == 3


def fuse_of(shop: Shop) -> Callable[[], None]:
    fuse: Fuse = vars(shop.client)["_fuse"]
    return fuse.step


class Payment:
    """One order's payment, as the machine, the clock and the service act on it in any order."""

    def __init__(self, shop: Shop, cart: str) -> None:
        self.shop, self.order = shop, order_id(cart, 1)
        shop.attempts.create(checkout(CartId=cart), EXECUTION)

    @property
    def is_pending(self) -> bool:
        return bool(self.shop.row(self.order)["State"] == "PENDING")

    def wait(self) -> None:
        machine = self.shop.machine
        if self.is_pending and not machine.waiting and not machine.answers:
            wait(self.shop, order=self.order)

    def proceed(self) -> None:
        if self.shop.machine.answers:
            proceed(self.shop, self.order)

    def time_out(self) -> None:
        if self.is_pending and self.shop.machine.waiting:
            self.shop.machine.waiting.clear()
            self.shop.fail(refusal(Stage.PAYMENT, "States.Timeout", ""), self.order)

    def succeed(self) -> None:
        """The service takes the money, which it can until the order is cancelled there."""
        if self.is_pending:
            self.shop.paid(self.order)
        self.call_back("succeeded")

    def call_back(self, word: str) -> None:
        self.shop.receiving.receive(PAYMENT, self.order, word)


EVENTS: dict[str, Callable[[Payment], None]] = {
    "wait": Payment.wait,
    "proceed": Payment.proceed,
    "time out": Payment.time_out,
    "succeeded": Payment.succeed,
    "failed": lambda payment: payment.call_back("failed"),
    "nonsense": lambda payment: payment.call_back("nonsense"),
    "processing": lambda payment: payment.call_back("processing"),
}
_NAMES = count()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(list(EVENTS)), max_size=8))
def test_in_any_order_of_events_a_task_is_answered_once_and_no_failed_order_keeps_the_money(
    dynamodb: Any, events: list[str]
) -> None:
    shop = Shop(dynamodb).stocked()
    payment = Payment(shop, f"cart-{next(_NAMES)}")
    for event in events:
        EVENTS[event](payment)
    payment.proceed()
    assert len(shop.machine.answers) <= 1
    assert shop.operations(payment.order).count("capture") <= 1
    if not payment.is_pending:
        assert shop.operations(payment.order)[-1:] in ([], ["refund"])
