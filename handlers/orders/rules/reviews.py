"""Reviews: what a human must look at, one for each order, step and execution."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Review:
    """A review to open; without personal data.

    Attributes:
        order_id: the order; an execution's name where it is about no order.
        step: what failed.
        execution: the ARN of the execution that it is about, or the function's name.
        reason: the error's name.
        cause: one sentence.
        to_do: what a human does.
        done: what has been done by then; empty while that is not known.
        customer_id: the customer, where known.
    """

    order_id: str
    step: str
    execution: str
    reason: str
    cause: str
    to_do: str
    done: str = ""
    customer_id: str | None = None

    @property
    def id(self) -> str:
        """The review's key beside the order's id; machines may share an execution's name."""
        return f"{self.step} {self.execution}"


class Reviews(Protocol):
    """The ManualReview table."""

    def open(self, review: Review) -> None:
        """Opens a review; one that is there stays as it is, settled or not."""
        ...

    def has_one(self, order_id: str, execution: str) -> bool:
        """Whether there is a review of an order about an execution, at whichever step."""
        ...

    def note_done(self, order_id: str, done: str) -> None:
        """Notes what has been done on an order's reviews that say nothing of it yet."""
        ...
