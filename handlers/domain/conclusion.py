"""What an execution's end leaves to be said, once its order is finished.

Who decides an order tells it. But an execution may end between its record and the telling, where
no state catches, or without learning that its record was written. Then the order was decided
before, and nobody has heard; and a human whom the machine wanted to call finds no review.

Only what surely was not told is told here. Of a message that may be on its way the republisher
finds out whether it came round the bus.
"""

from dataclasses import dataclass
from typing import Protocol

from handlers.domain.outcomes import PROCESSED, PROCESSING_ERROR, is_refused
from handlers.domain.ports import Reviews
from handlers.domain.recovery import (
    SUPPORT_TOLD,
    EndedExecution,
    Finished,
    Verdict,
    cause,
    is_own_record,
    tell_support,
    told_by_machine,
)
from handlers.domain.telling import Telling

_TO_DO = "find out why the execution ended; of the order nothing is left to do"
_STANDS, _UNDONE = "nothing was undone: the order stands", "everything was undone"


class Finisher(Protocol):
    """What finishes the order of an execution that ended."""

    def finish(self, ended: EndedExecution) -> Finished:
        """Compensates the order, unless it stands or is compensated."""
        ...


class AskedReviews(Reviews, Protocol):
    """The ManualReview table."""

    def asked(self, order_id: str) -> bool:
        """Whether there is a review of the order, at whichever step."""
        ...


class Histories(Protocol):
    """What executions did."""

    def may_have_told(self, arn: str) -> bool:
        """Whether an execution that ended may have told how its order ended."""
        ...


@dataclass(frozen=True)
class Conclusion:
    """A recovery, and what is said after it."""

    recovery: Finisher
    reviews: AskedReviews
    telling: Telling
    histories: Histories

    def reconcile(self, ended: EndedExecution) -> Verdict:
        """Finishes an execution's order, and sees to what nobody was told.

        Raises:
            Exception: whatever a step raised; the call is then to be made again.
        """
        finished = self.recovery.finish(ended)
        if _needs_review(finished, ended):
            self._review(finished, ended)
        if _is_untold(finished, ended) and not self.histories.may_have_told(ended.arn):
            self.telling.outcome(finished.row)
        return finished.verdict

    def _review(self, finished: Finished, ended: EndedExecution) -> None:
        order_id, step = finished.row["OrderId"], finished.step
        if self.reviews.asked(order_id):
            return
        review = self.reviews.open(order_id, step, cause(ended), _TO_DO)
        stands = finished.verdict is Verdict.STANDS
        self.reviews.note_done(order_id, step, _STANDS if stands else _UNDONE)
        if not told_by_machine(ended, finished.row):
            tell_support(self.telling, ended, finished.row, step, review)


def _needs_review(finished: Finished, ended: EndedExecution) -> bool:
    """Whether a human has to look at an order, whom perhaps nobody could call."""
    if (ended.cause or "").endswith(SUPPORT_TOLD) or finished.verdict is Verdict.COMPENSATED:
        return bool(finished.row)
    is_usual = told_by_machine(ended, finished.row) and ended.error != PROCESSING_ERROR
    is_undone = finished.verdict is Verdict.COMPENSATED_BEFORE
    return is_undone and not is_usual and is_own_record(ended, finished.row)


def _is_untold(finished: Finished, ended: EndedExecution) -> bool:
    """Whether the execution recorded an outcome before, and did not end having told it."""
    if finished.verdict not in (Verdict.STANDS, Verdict.COMPENSATED_BEFORE):
        return False
    row = finished.row
    has_outcome = row["State"] == PROCESSED or is_refused(row)
    is_seen = "Unpublished" not in row or told_by_machine(ended, row)
    return has_outcome and not is_seen and is_own_record(ended, row)
