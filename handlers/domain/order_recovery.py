"""Finishing an order whose execution ended without doing so itself.

Everything here is addressed by the order's id, and each step finds its own earlier effect, so the
whole may run again after a crash between any two lines.

The fence comes first: once the order is FAILED or CANCELLED, no record of success that lands late
is written. An order that was recorded as a success before the fence stands, and nothing of it is
undone.
"""

from dataclasses import dataclass

from handlers.domain.cancel_requests import is_unwanted
from handlers.domain.outcomes import PENDING, is_refused
from handlers.domain.payments import PaymentGateway
from handlers.domain.ports import Events, Orders, Reviews, Row, Stock
from handlers.domain.recovery import (
    STEP,
    EndedExecution,
    Finished,
    Verdict,
    cause,
    tell_support,
    told_by_machine,
)
from handlers.domain.statuses import payment_status
from handlers.domain.telling import Telling

_COMPENSATIONS = ("VoidPayment", "ReleaseStock")  # what the machine asks for when they fail
_TO_DO = (
    "find out why the execution ended; if Done is missing, void or refund the payment"
    " and release the stock by order id"
)


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


def _done(payment: str, released: bool) -> str:
    stock = "released" if released else "none was reserved"
    return f"payment: {payment.lower()}; stock: {stock}"
