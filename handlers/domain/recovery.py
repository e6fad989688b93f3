"""Finishing an order whose execution ended without doing so itself.

A machine that times out, is aborted or fails in a way that no Catch sees leaves holds, captures
and reservations behind. Everything here is addressed by the order's id, and each step finds its
own earlier effect, so the whole may run again after a crash between any two lines.

The fence comes first: once the order is FAILED or CANCELLED, no record of success that lands late
is written. An order that was recorded as a success before the fence stands, and nothing of it is
undone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handlers.domain.cancel_requests import is_unwanted
from handlers.domain.outcomes import PENDING, PROCESSING_ERROR, is_refused
from handlers.domain.payments import PaymentGateway
from handlers.domain.ports import Events, Orders, Reviews, Row, Stock
from handlers.domain.statuses import payment_status
from handlers.domain.telling import Telling

STEP = "Recovery"
SUPPORT_TOLD = "; support was told"
"""How a machine ends its cause when it called a human about what it leaves to a recovery."""

_REFUSALS = (
    "PaymentNotVerified",
    "PaymentDeclined",
    "PriceMismatch",
    "OutOfStock",
    "PaymentFailed",
    "ShippingFailed",
)


class Verdict(StrEnum):
    """What a recovery found or did."""

    NOTHING_DONE = "NOTHING_DONE"
    STANDS = "STANDS"
    COMPENSATED_BEFORE = "COMPENSATED_BEFORE"
    COMPENSATED = "COMPENSATED"
    REVIEWED = "REVIEWED"


@dataclass(frozen=True)
class EndedExecution:
    """An execution that did not succeed.

    Attributes:
        order: the machine's input, empty where that is no JSON object.
        arn: the execution's ARN.
        status: FAILED, TIMED_OUT or ABORTED, or GONE when nobody knows it any more.
        error: the error it ended with, if it has one.
        cause: the sentence to that error, if it has one.
    """

    order: Mapping[str, Any]
    arn: str
    status: str
    error: str | None = None
    cause: str | None = None

    @property
    def order_id(self) -> str:
        """The order that the execution was for."""
        return str(self.order["orderId"])

    @property
    def name(self) -> str:
        """The execution's name, unlike any other's of its machine."""
        return self.arn.rpartition(":")[2]

    @property
    def reason(self) -> str:
        """The Reason of the order, where it is not recorded: the refusal the machine ended with."""
        if self.status == "FAILED" and self.error in _REFUSALS:
            return self.error
        return PROCESSING_ERROR


@dataclass(frozen=True)
class Finished:
    """How an order was finished.

    Attributes:
        verdict: what was found or done.
        step: the step of a review about it.
        row: the order's row; empty where there is no order.
    """

    verdict: Verdict
    step: str
    row: Row


@dataclass(frozen=True)
class Recovery:
    """What an order consists of, and how it is finished."""

    orders: Orders
    reviews: Reviews
    payments: PaymentGateway
    stock: Stock
    events: Events

    def reconcile(self, ended: EndedExecution) -> Verdict:
        """Compensates the order of an execution, unless that order stands or is compensated.

        Raises:
            Exception: whatever a step raised; the call is then to be made again.
        """
        return self.finish(ended).verdict

    def finish(self, ended: EndedExecution) -> Finished:
        """Reconciles an execution's order, and says how that stands now.

        Raises:
            Exception: whatever a step raised; the call is then to be made again.
        """
        row = self._fence(ended)
        if not is_refused(row):
            return Finished(Verdict.STANDS, STEP, row)
        if row.get("Compensated"):
            return Finished(Verdict.COMPENSATED_BEFORE, STEP, row)
        return Finished(Verdict.COMPENSATED, STEP, self._compensate(ended, row))

    def sweep(self, ended: EndedExecution) -> Verdict:
        """Reconciles an order of which a reservation is left, and releases what is left.

        Raises:
            Exception: whatever a step raised; the call is then to be made again.
        """
        verdict = self.reconcile(ended)
        if verdict is Verdict.COMPENSATED_BEFORE:
            self.stock.release(ended.order_id)
        return verdict

    def _fence(self, ended: EndedExecution) -> Row:
        row = self.orders.read(ended.order_id)
        if row is not None and row["State"] != PENDING:
            return row
        if row is not None and is_unwanted(row):
            return self.orders.cancel(ended.order, ended.arn)
        return self.orders.refuse(ended.order, ended.arn, ended.reason, cause(ended))

    def _compensate(self, ended: EndedExecution, row: Row) -> Row:
        telling = Telling(self.orders, self.reviews, self.events)
        told = told_by_machine(ended, row)
        if not told:
            review = self.reviews.open(ended.order_id, STEP, cause(ended), _TO_DO)
            tell_support(telling, ended, row, STEP, review)
        voided = self.payments.void(ended.order_id)
        done = _done(voided, self.stock.release(ended.order_id))
        for step in (STEP, *_COMPENSATIONS):
            self.reviews.note_done(ended.order_id, step, done)
        settled = self.orders.settle(ended.order_id, payment_status(row, voided), True)
        if not told:
            telling.outcome(settled)
        return settled


_COMPENSATIONS = ("VoidPayment", "ReleaseStock")  # what the machine asks for when they fail
_TO_DO = (
    "find out why the execution ended; if Done is missing, void or refund the payment"
    " and release the stock by order id"
)


def told_by_machine(ended: EndedExecution, row: Row) -> bool:
    """Whether the machine recorded the refusal and came to its end, having told everyone.

    It then ends with the reason and the very cause that it recorded; where it did not learn that
    its record was written, it ends with another cause. If one of its messages was lost, the
    republisher finds the rows that are still untold.
    """
    said = (row.get("Reason"), row.get("Cause")) == (ended.error, ended.cause)
    return said and ended.error is not None and is_own_record(ended, row)


def is_own_record(ended: EndedExecution, row: Row) -> bool:
    """Whether an execution itself decided its order; not another, nor a recovery."""
    return row.get("ExecutionArn") == ended.arn and "RecoveredFrom" not in row


def tell_support(telling: Telling, ended: EndedExecution, row: Row, step: str, review: Row) -> None:
    """Calls a human for a recovery, unless the machine or an earlier delivery did so."""
    if (ended.cause or "").endswith(SUPPORT_TOLD):
        telling.reviews.mark_told(row["OrderId"], step)
    else:
        telling.review(row, step, review, cause(ended))


def cause(ended: EndedExecution) -> str:
    """Why an order failed of which only its execution's end is known."""
    return ": ".join([f"the execution ended {ended.status}", *_words(ended)])


def _words(ended: EndedExecution) -> Iterator[str]:
    """What the execution said, as far as the words are a machine's own.

    The cause of an error of Step Functions may quote the input, that of an abort is anybody's.
    """
    if ended.error:
        yield ended.error
        if ended.cause and ended.status == "FAILED" and not ended.error.startswith("States."):
            yield ended.cause.removesuffix(SUPPORT_TOLD)


def _done(payment: str, released: bool) -> str:
    stock = "released" if released else "none was reserved"
    return f"payment: {payment.lower()}; stock: {stock}"
