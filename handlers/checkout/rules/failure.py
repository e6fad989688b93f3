"""Failing a checkout: fence, compensate, open a review where one is due, close.

The fence makes the order FAILED before anything is undone, so that no confirmation lands later. An
order that was confirmed before the fence stands. Every part finds its own earlier effect and goes
by the order's id, so the whole may run again after a crash between any two lines.
"""

from dataclasses import dataclass

from handlers.checkout.rules.refusals import Refusal
from handlers.orders.rules.compensation import Compensated, Compensator, NotCompensated
from handlers.orders.rules.ports import Orders, Row
from handlers.orders.rules.reviews import Review, Reviews
from handlers.orders.rules.states import FAILED

STEP = "FailCheckout"
_TO_DO = "find the cause; the customer hears that the order failed"


@dataclass(frozen=True)
class CheckoutFailure:
    """What failing a checkout needs."""

    orders: Orders
    reviews: Reviews
    compensator: Compensator

    def fail(self, order_id: str, refusal: Refusal, execution: str) -> Row:
        """Fails an order, unless it stands or another execution has closed it.

        Args:
            order_id: the order.
            refusal: why; an order that was failed before keeps its own reason.
            execution: the ARN of the execution that fails it.

        Returns:
            The order's row as it was decided.

        Raises:
            Exception: whatever a step raised, by its own name; nothing was closed.
        """
        row = self.orders.fence(order_id, execution, refusal.columns)
        if not stands(row, execution):
            compensated = self._compensated(row)
            if refusal.review:
                self.reviews.open(_review(row, refusal, execution, str(compensated)))
            self.orders.close(order_id, execution, compensated.payment_status, {})
        return row

    def _compensated(self, row: Row) -> Compensated:
        try:
            return self.compensator.compensate(row)
        except NotCompensated as error:
            raise error.error from error


def stands(row: Row, execution: str) -> bool:
    """Whether an order was decided otherwise, or closed by another execution."""
    closed_by_another = "ClosedBy" in row and row["ClosedBy"] != execution
    return row["State"] != FAILED or closed_by_another


def _review(row: Row, refusal: Refusal, execution: str, done: str) -> Review:
    return Review(
        order_id=row["OrderId"],
        step=STEP,
        execution=execution,
        reason=refusal.reason,
        cause=refusal.cause,
        to_do=_TO_DO,
        done=done,
        customer_id=row.get("CustomerId"),
    )
