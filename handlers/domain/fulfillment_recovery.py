"""What follows when a fulfillment ends without an end of its own: a human is called.

Nothing is undone. The order is paid, its shipments may be on their way, and whoever resumes it
does only what is missing.
"""

from dataclasses import dataclass

from handlers.domain.order_ids import is_order_id
from handlers.domain.outcomes import FAILED
from handlers.domain.ports import Orders, Reviews, Row
from handlers.domain.recovery import EndedExecution, Verdict, cause
from handlers.domain.telling import Telling

STEP = "Fulfillment"

_OWN_ENDS = (
    "PaymentNotReceived",
    "SessionNotFound",
    "NoProducts",
    "MissingFulfillmentCenter",
    "InvalidOrder",
    "ProcessingError",
)
"""The errors of the machine's own Fail states, before which it has called whom it had to."""

_TO_DO = "redrive the execution, or start <orderId>-<n>: it does only what is missing"


@dataclass(frozen=True)
class FulfillmentRecovery:
    """What a fulfillment's end is judged by, and whom it is told."""

    orders: Orders
    reviews: Reviews
    telling: Telling

    def reconcile(self, ended: EndedExecution) -> Verdict:
        """Calls a human, once, unless the machine did or nothing is left to do.

        Raises:
            Exception: whatever a step raised; the call is then to be made again.
        """
        if ended.error in _OWN_ENDS:
            return Verdict.NOTHING_DONE
        order_id = fulfilled_order_id(ended)
        row = self.orders.read(order_id) or {"OrderId": order_id}
        if _is_decided(row, ended):
            return Verdict.STANDS
        review = self.reviews.open(order_id, STEP, cause(ended), _TO_DO)
        self.telling.review(row, STEP, review, cause(ended))
        return Verdict.REVIEWED


def fulfilled_order_id(ended: EndedExecution) -> str:
    """The order that a fulfillment was for: its session's id, or else the execution's name."""
    session_id = ended.order["SessionId"]
    return str(session_id) if is_order_id(session_id) else ended.name


def _is_decided(row: Row, ended: EndedExecution) -> bool:
    """Whether the order was recorded, after which only its event can be missing."""
    refused = row.get("State") == FAILED and row.get("Reason") == "PaymentNotReceived"
    return row.get("State") == "FULFILLED" or (refused and row.get("ExecutionArn") == ended.arn)
