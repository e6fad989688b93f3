"""Closing an order: compensated, reviewed where one is due, closed; or handed over to a human."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from handlers.orders.adapters.reviews import Reviews
from handlers.orders.rules.order_closer import Closed, OrderCloser
from handlers.orders.rules.reviews import Review
from handlers.orders.rules.states import CANCEL_ORDER, Voided
from handlers.payments.rules.errors import PaymentGatewayUnavailable, PaymentVoided
from tests.handlers.checkouts import Shop
from tests.handlers.ended import ANOTHER, ARN, DESCRIBED, INPUT, Held

REVIEW = Review("o-1", "Recovery", ARN, "ProcessingError", "the execution ended", "find out")
TO_DO = "correct what the cause names"


@pytest.fixture
def held(dynamodb: Any) -> Held:
    """An order that is captured, reserved and then FAILED."""
    made = Held(dynamodb).reserve().capture()
    made.put_row("FAILED")
    return made


class Voids:
    """A gateway that raises instead of voiding, as often as there are errors."""

    def __init__(self, held: Held, *errors: Exception) -> None:
        self.held, self.errors = held, list(errors)

    def void(self, order_id: str) -> Voided:
        if self.errors:
            raise self.errors.pop(0)
        return self.held.gateway.void(order_id)


def closer(held: Held, *errors: Exception) -> OrderCloser:
    """A closer whose gateway raises these errors first."""
    compensator = replace(
        Shop(held.client).compensator, payments=Voids(held, *errors), stock=held.stock
    )
    return OrderCloser(held.orders, Reviews(held.client, "ManualReview"), compensator)


def close(held: Held, *errors: Exception, by: str = ARN, **more: Any) -> Closed:
    return closer(held, *errors).close(held.row, by, **more)


def noted(held: Held) -> Mapping[str, str]:
    """What the reviews say of what was done, by step and execution."""
    return {key: row["Done"] for key, row in held.reviews.items()}


def test_an_order_is_compensated_and_closed_without_a_review(held: Held) -> None:
    assert close(held) is Closed.CLOSED
    held.assert_undone()
    assert held.reviews == {}
    assert "HandedOverAt" not in held.row


def test_a_review_that_is_due_is_there_before_the_order_is_closed(held: Held) -> None:
    made = closer(held)

    class Open:
        def close(self, *_: Any) -> None:
            raise ReadTimeoutError(endpoint_url="https://aws")

    with pytest.raises(ReadTimeoutError):
        replace(made, orders=Open()).close(  # type: ignore[arg-type]
            held.row, ARN, review=REVIEW
        )
    assert noted(held) == {f"Recovery {ARN}": "payment: refunded; stock: released"}
    assert "ClosedAt" not in held.row


def test_no_second_review_is_opened_where_any_step_of_the_execution_has_one(held: Held) -> None:
    closer(held).reviews.open(replace(REVIEW, step="CapturePayment"))
    close(held, review=REVIEW)
    assert list(held.reviews) == [f"CapturePayment {ARN}"]


def test_another_executions_review_is_none_of_this_one(held: Held) -> None:
    closer(held).reviews.open(replace(REVIEW, execution=ANOTHER))
    close(held, review=REVIEW)
    assert sorted(held.reviews) == sorted([f"Recovery {ARN}", f"Recovery {ANOTHER}"])


def test_an_order_is_described_as_it_is_closed(held: Held) -> None:
    close(held, known=DESCRIBED)
    assert {name: held.row[name] for name in DESCRIBED} == DESCRIBED


REFUSALS = (PaymentVoided("the gateway is gone"), KeyError("Status"))
PASSING = (PaymentGatewayUnavailable("no answer"), ReadTimeoutError(endpoint_url="https://aws"))


@pytest.mark.parametrize("error", REFUSALS)
def test_what_is_refused_is_reviewed_at_once_and_handed_over(error: Exception, held: Held) -> None:
    found = close(held, error, known=DESCRIBED, review=REVIEW)
    assert found is Closed.HANDED_OVER
    ((key, review),) = held.reviews.items()
    assert key == f"VoidPayment {ARN}"
    assert (review["Reason"], review["Cause"]) == (type(error).__name__, str(error))
    assert (review["Done"], review["CustomerId"]) == ("", "c-1")
    assert review["ToDo"].startswith(TO_DO)
    row = held.row
    assert "HandedOverAt" in row
    assert "ClosedAt" not in row
    assert row["Waiting"] == "yes"
    assert {name: row[name] for name in DESCRIBED} == DESCRIBED
    held.assert_held()


@pytest.mark.parametrize("error", PASSING)
def test_what_passes_is_raised_and_nothing_is_written(error: Exception, held: Held) -> None:
    before = held.row
    with pytest.raises(type(error)):
        close(held, error, review=REVIEW)
    assert (held.row, held.reviews) == (before, {})
    assert close(held) is Closed.CLOSED


@pytest.mark.parametrize("error", PASSING)
def test_what_still_does_not_pass_the_last_time_is_handed_over(
    error: Exception, held: Held
) -> None:
    assert close(held, error, review=REVIEW, last=True) is Closed.HANDED_OVER
    assert list(held.reviews) == [f"VoidPayment {ARN}"]
    assert "HandedOverAt" in held.row


def test_a_second_attempt_that_fails_too_changes_nothing(held: Held) -> None:
    close(held, REFUSALS[0], review=REVIEW)
    before = held.row, held.reviews
    close(held, REFUSALS[1], review=REVIEW)
    assert (held.row, held.reviews) == before


def test_what_succeeds_at_last_closes_the_order_and_the_review_says_so(held: Held) -> None:
    close(held, REFUSALS[0], review=REVIEW)
    at = held.row["HandedOverAt"]
    assert close(held, review=REVIEW) is Closed.CLOSED
    held.assert_undone()
    assert held.row["HandedOverAt"] == at
    assert noted(held) == {f"VoidPayment {ARN}": "payment: refunded; stock: released"}


def test_the_review_of_another_executions_attempt_says_so_too(held: Held) -> None:
    close(held, REFUSALS[0], by=ANOTHER)
    close(held, REFUSALS[0])
    close(held, review=REVIEW)
    done = "payment: refunded; stock: released"
    assert noted(held) == {f"VoidPayment {ARN}": done, f"VoidPayment {ANOTHER}": done}


def test_a_review_of_what_was_never_handed_over_says_what_was_done_too(held: Held) -> None:
    """Whoever opened it crashed before the row said so."""
    made = closer(held)
    made.reviews.open(replace(REVIEW, step="VoidPayment"))
    made.close(held.row, ARN, review=REVIEW)
    assert noted(held) == {f"VoidPayment {ARN}": "payment: refunded; stock: released"}


def test_stock_that_contradicts_its_reservation_is_handed_over_with_the_payment_refunded(
    held: Held,
) -> None:
    held.spoil()
    assert close(held, known=DESCRIBED) is Closed.HANDED_OVER
    ((key, review),) = held.reviews.items()
    assert key == f"ReleaseStock {ARN}"
    assert (review["Reason"], "product b" in review["Cause"]) == ("StockInconsistent", True)
    assert held.operations[-1] == "refund"
    held.correct()
    assert close(held, review=REVIEW) is Closed.CLOSED
    held.assert_undone()
    assert noted(held) == {key: "payment: refunded; stock: released"}


def test_a_cancellation_of_a_paid_order_is_closed_by_the_function_and_needs_no_review(
    dynamodb: Any,
) -> None:
    held = Held(dynamodb).reserve("COMMITTED").capture()
    held.put_row("CANCELLED", ExecutionArn=CANCEL_ORDER, PaymentStatus="Successful")
    assert close(held, by=CANCEL_ORDER) is Closed.CLOSED
    held.assert_undone("CANCELLED", by=CANCEL_ORDER)
    assert held.reviews == {}


def test_a_cancellation_that_is_tried_again_says_so_on_its_review(dynamodb: Any) -> None:
    held = Held(dynamodb).reserve("COMMITTED").capture()
    held.put_row("CANCELLED", ExecutionArn=CANCEL_ORDER)
    assert close(held, REFUSALS[0], by=CANCEL_ORDER) is Closed.HANDED_OVER
    assert close(held, by=CANCEL_ORDER, again=True) is Closed.CLOSED
    done = "payment: refunded; stock: released"
    assert noted(held) == {f"VoidPayment {CANCEL_ORDER}": done}


def test_an_error_without_words_is_reviewed_by_its_step_and_name(held: Held) -> None:
    close(held, RuntimeError(), known={"CustomerId": INPUT["customerId"]})
    ((_, review),) = held.reviews.items()
    assert review["Cause"] == "VoidPayment failed with RuntimeError: "


def test_an_order_that_was_closed_by_another_stays_so_and_is_compensated_again(held: Held) -> None:
    close(held, by=ANOTHER)
    before = held.row
    assert close(held, review=REVIEW) is Closed.CLOSED
    assert held.row == before
    assert list(held.reviews) == [f"Recovery {ARN}"]
    held.assert_undone(by=ANOTHER)
