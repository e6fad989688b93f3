"""Executions that ended without success: what they say of their orders, and what is left to do.

A machine that times out, is aborted or fails in a way that no Catch sees leaves holds, captures
and reservations behind, and nobody told. What finishes an order of each kind is a module of its
own; this is what they share.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handlers.domain.outcomes import PROCESSING_ERROR
from handlers.domain.ports import Row
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
