"""Finishing a checkout whose execution ended without doing so itself.

What is undone, and how, is CheckoutFailure's; this finds the order, and tells what became of it.
"""

from dataclasses import dataclass

from handlers.domain.attempts import Attempts
from handlers.domain.checkout import parse_checkout
from handlers.domain.checkout_failure import STEP, CheckoutFailure
from handlers.domain.checkout_refusals import Refusal, Stage, unrecorded
from handlers.domain.errors import BadInput, InvalidOrder
from handlers.domain.json_text import exact
from handlers.domain.outcomes import FAILED
from handlers.domain.ports import Row
from handlers.domain.recovery import (
    EndedExecution,
    Finished,
    Verdict,
    cause,
    tell_support,
    told_by_machine,
)
from handlers.domain.telling import Telling

_NO_ORDER = Finished(Verdict.NOTHING_DONE, STEP, {})


@dataclass(frozen=True)
class CheckoutRecovery:
    """What a recovery needs to know of checkouts."""

    attempts: Attempts
    failure: CheckoutFailure
    telling: Telling

    def reconcile(self, ended: EndedExecution) -> Verdict:
        """Compensates the order of an execution, unless that order stands or is compensated.

        An execution that ended before its order was created gets one that is FAILED, which keeps
        a creation that lands late from reserving stock.

        Raises:
            Exception: whatever a step raised; the call is then to be made again.
        """
        return self.finish(ended).verdict

    def finish(self, ended: EndedExecution) -> Finished:
        """Reconciles an execution's order, and says how that stands now.

        Raises:
            Exception: whatever a step raised; the call is then to be made again.
        """
        row = self._order(ended)
        return _NO_ORDER if row is None else self._finish(row, ended)

    def sweep(self, ended: EndedExecution) -> Verdict:
        """Reconciles an order of which a reservation is left, and releases what is left.

        Args:
            ended: the execution; `order` has the reservation's `orderId`.

        Raises:
            Exception: whatever a step raised; the call is then to be made again.
        """
        row = self.attempts.orders.read(ended.order_id)
        if row is None:
            return Verdict.NOTHING_DONE
        verdict = self._finish(row, ended).verdict
        if verdict is Verdict.COMPENSATED_BEFORE:
            self.failure.stock.release(ended.order_id)
        return verdict

    def _order(self, ended: EndedExecution) -> Row | None:
        """The execution's order; None when it was refused before it could have one."""
        try:
            checkout = parse_checkout(exact(ended.order))
            if ended.error == InvalidOrder.__name__:
                return self.attempts.find(checkout.cart_id, ended.arn)
            never_created = Refusal(Stage.CREATE, ended.reason, cause(ended), True)
            columns = {**never_created.columns, "RecoveredFrom": ended.arn}
            return self.attempts.find_or_bury(checkout, ended.arn, columns)
        except (BadInput, InvalidOrder):
            return None

    def _finish(self, found: Row, ended: EndedExecution) -> Finished:
        why = unrecorded(found, ended.reason, cause(ended))
        order = {"orderId": found["OrderId"]}
        row = self.failure.fence(order, why, RecoveredFrom=ended.arn)
        if row["State"] != FAILED:
            return Finished(Verdict.STANDS, STEP, row)
        if row.get("Compensated"):
            return Finished(Verdict.COMPENSATED_BEFORE, STEP, row)
        return Finished(Verdict.COMPENSATED, STEP, self._compensate(row, ended, why))

    def _compensate(self, row: Row, ended: EndedExecution, why: Refusal) -> Row:
        told = told_by_machine(ended, row)
        if not told:
            review = self.failure.call_human(row, why.cause)
            tell_support(self.telling, ended, row, STEP, review)
        failed = self.failure.undo(row)
        if failed.errors:
            raise failed.errors[0]
        self.failure.note_undone(row)
        if not told:
            self.telling.outcome(failed.row)
        return failed.row
