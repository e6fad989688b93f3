"""Reconciling a checkout, which makes its order's id itself, from cart and attempt.

Its order is the cart's attempt whose row names the execution. A run that was refused because its
cart was taken stands in the cart's row, and is done.
"""

from dataclasses import dataclass

from handlers.checkout.rules.attempts import Attempts
from handlers.checkout.rules.checkout_request import Checkout, parse_checkout
from handlers.orders.rules.errors import InvalidOrder
from handlers.orders.rules.states import PROCESSING_ERROR
from handlers.recovery.rules.ended_execution import Execution
from handlers.recovery.rules.reconciliation import OrderReconciliation, Reconciled, unidentified
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.json_text import exact


@dataclass(frozen=True)
class CheckoutReconciliation:
    """Finishes checkouts."""

    attempts: Attempts
    orders: OrderReconciliation

    def reconcile(self, ended: Execution, *, last: bool = False) -> Reconciled:
        """Finishes the order of an execution; one that was never created is recorded as FAILED."""
        try:
            checkout = parse_checkout(exact(ended.input))
        except BadInput:
            return unidentified(self.orders.reviews, ended)
        if self.attempts.was_refused(checkout.cart_id, ended.arn):
            return Reconciled.CLOSED_BEFORE
        order_id = self._order(checkout, ended)
        if order_id is None:
            return unidentified(self.orders.reviews, ended)
        return self.orders.finish(order_id, ended, last=last)

    def _order(self, checkout: Checkout, ended: Execution) -> str | None:
        """The execution's order; None where another has the cart."""
        why = {"Reason": PROCESSING_ERROR, "Cause": ended.ending}
        try:
            row = self.attempts.find_or_fail(checkout, ended.arn, why)
        except InvalidOrder:
            return None
        return str(row["OrderId"])
