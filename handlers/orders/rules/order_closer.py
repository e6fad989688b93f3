"""Closing a refused or cancelled order: compensate, open a review where one is due, close the row.

What cannot be given back has a review at once and is handed over to a human, so that the customer
hears of the refusal; the row stays open, and a schedule tries again until it succeeds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from handlers.orders.rules.compensation import Compensator, NotCompensated
from handlers.orders.rules.ports import Orders, Row
from handlers.orders.rules.reviews import Review, Reviews

_TO_DO = (
    "correct what the cause names, such as an Inventory row that contradicts the reservation; the"
    " order is compensated again every five minutes, and this review says when it is done"
)


class Closed(StrEnum):
    """How far an order came: CLOSED, or HANDED_OVER to a human with something left to undo."""

    CLOSED = "CLOSED"
    HANDED_OVER = "HANDED_OVER"


@dataclass(frozen=True)
class OrderCloser:
    """What closing an order needs."""

    orders: Orders
    reviews: Reviews
    compensator: Compensator

    def close(
        self,
        row: Row,
        execution: str,
        *,
        known: Mapping[str, Any] | None = None,
        review: Review | None = None,
        last: bool = False,
        again: bool = False,
    ) -> Closed:
        """Compensates an order and closes it, or hands it over.

        Args:
            row: the order's row, FAILED or CANCELLED.
            execution: by whom it is closed: the ARN of the execution that is finished, or the
                function that cancels.
            known: the columns that describe the order, written where the row lacks them.
            review: the review to open where there is none about this execution yet.
            last: whether nobody calls again soon, so that what passes is handed over as well.
            again: whether somebody may have tried before, and opened a review.

        Raises:
            Exception: whatever a step or a table raised that passes by itself; the same call again
                is safe.
        """
        try:
            compensated = self.compensator.compensate(row)
        except NotCompensated as error:
            if error.passes and not last:
                raise error.error from error
            self._hand_over(row, execution, known or {}, error)
            return Closed.HANDED_OVER
        order_id, done = row["OrderId"], str(compensated)
        if review is not None and not self.reviews.has_one(order_id, execution):
            self.reviews.open(replace(review, done=done))
        if review is not None or again:
            self.reviews.note_done(order_id, done)
        self.orders.close(order_id, execution, compensated.payment_status, known or {})
        return Closed.CLOSED

    def _hand_over(
        self, row: Row, execution: str, known: Mapping[str, Any], error: NotCompensated
    ) -> None:
        self.reviews.open(
            Review(
                order_id=row["OrderId"],
                step=error.step,
                execution=execution,
                reason=type(error.error).__name__,
                cause=str(error.error) or str(error),
                to_do=_TO_DO,
                customer_id=row.get("CustomerId") or known.get("CustomerId"),
            )
        )
        self.orders.hand_over(row["OrderId"], known)
