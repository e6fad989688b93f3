"""Reconciling an order with an execution that ended without closing it.

Only rows are asked, never the error's name or sentence. An order that was recorded stands. One that
this very execution closed is done. Anything else is fenced with its id alone, compensated, given a
review of this execution, and closed.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from handlers.orders.rules.cancel_requests import is_cancel_requested
from handlers.orders.rules.description import described
from handlers.orders.rules.order_closer import Closed, OrderCloser
from handlers.orders.rules.ports import OrderRows, Orders, Row
from handlers.orders.rules.reviews import Reviews
from handlers.orders.rules.states import PENDING, PROCESSING_ERROR, STANDING
from handlers.recovery.rules.ended_execution import Execution
from handlers.shared.rules.errors import TableContended

STEP = "Recovery"

_ROUNDS = 3  # PENDING, decided: a third reading finds nothing new
_TO_DO = "find out why the execution ended; of the order nothing is left to do but what Done lacks"
_UNIDENTIFIED = (
    "find out who started the execution; its input names no order of its own, so see in its history"
    " whether it reserved or charged anything"
)


class Reconciled(StrEnum):
    """What became of an execution's order."""

    STANDS = "STANDS"
    CLOSED_BEFORE = "CLOSED_BEFORE"
    CLOSED = "CLOSED"
    HANDED_OVER = "HANDED_OVER"
    REVIEWED = "REVIEWED"


class Reconciliation(Protocol):
    """What is done about the ends of one machine's executions."""

    def reconcile(self, ended: Execution, *, last: bool = False) -> Reconciled:
        """Finishes what an execution left.

        Args:
            ended: an execution that did not succeed.
            last: whether nobody calls again soon.

        Raises:
            Exception: whatever a step raised; the same call again is safe.
        """
        ...


@dataclass(frozen=True)
class OrderReconciliation:
    """Finishes orders of order processing; also one whose row is known, of either machine."""

    orders: Orders
    reviews: Reviews
    closer: OrderCloser

    def reconcile(self, ended: Execution, *, last: bool = False) -> Reconciled:
        """Finishes the order that an execution is named after; else opens a review of it.

        An order that a checkout made is none of order processing's.
        """
        order_id = ended.own_order
        if order_id is None or "CartId" in (self.orders.read(order_id) or {}):
            return unidentified(self.reviews, ended)
        return self.finish(order_id, ended, last=last)

    def finish(
        self, order_id: str, ended: Execution, *, last: bool = False, again: bool = False
    ) -> Reconciled:
        """Finishes an order by its id, for an execution that ended or is not known any more.

        Args:
            order_id: the order.
            ended: the execution.
            last: whether nobody calls again soon.
            again: whether something is left of the order although the execution closed it.

        Raises:
            Exception: whatever a step raised; the same call again is safe.
        """
        row = self._decided(order_id, ended)
        if row["State"] in STANDING:
            return Reconciled.STANDS
        if row.get("ClosedBy") == ended.arn and not again:
            return Reconciled.CLOSED_BEFORE
        closed = self.closer.close(
            row,
            ended.arn,
            known=described(ended.input) if ended.own_order == order_id else {},
            review=ended.review(order_id, STEP, _TO_DO),
            last=last,
        )
        return Reconciled.CLOSED if closed is Closed.CLOSED else Reconciled.HANDED_OVER

    def _decided(self, order_id: str, ended: Execution) -> Row:
        """The order's row, which is decided from now on."""
        for _ in range(_ROUNDS):
            row = self.orders.read(order_id)
            if row is not None and row["State"] != PENDING:
                return row
            if row is not None and is_cancel_requested(row):
                row = self.orders.fence_cancelled(order_id, ended.arn)
            else:
                why = {"Reason": PROCESSING_ERROR, "Cause": ended.ending}
                row = self.orders.fence(order_id, ended.arn, why)
            if row["State"] != PENDING:
                return row
        raise TableContended(f"order {order_id} kept changing; try again")


def unidentified(reviews: Reviews, ended: Execution) -> Reconciled:
    """Opens a review under the execution's name, and touches no order."""
    if not reviews.has_one(ended.name, ended.arn):
        reviews.open(ended.review(ended.name, STEP, _UNIDENTIFIED))
    return Reconciled.REVIEWED


@dataclass(frozen=True)
class FulfillmentReconciliation:
    """Opens a review of a fulfillment that failed; nothing is undone, since the order is paid."""

    orders: OrderRows
    reviews: Reviews

    def reconcile(self, ended: Execution, *, last: bool = False) -> Reconciled:  # noqa: ARG002
        """Opens a review, unless the order is decided or the execution has one."""
        order_id = ended.session_order or ended.name
        row = self.orders.read(order_id) or {}
        state = row.get("State")
        if state in ("FULFILLED", "CANCELLED"):
            return Reconciled.STANDS
        if state == "FAILED" and row.get("ClosedBy") == ended.arn:
            return Reconciled.CLOSED_BEFORE
        if not self.reviews.has_one(order_id, ended.arn):
            review = ended.review(order_id, "Fulfillment", _RESUME)
            self.reviews.open(replace(review, customer_id=row.get("CustomerId")))
        return Reconciled.REVIEWED


_RESUME = "find the cause, then start <orderId>-<n>: it does only what is missing"
