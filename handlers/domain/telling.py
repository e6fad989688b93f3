"""Telling on the bus what a recovery found, once."""

from dataclasses import dataclass

from handlers.domain.outcomes import outcome_event, review_event
from handlers.domain.ports import Events, Orders, Reviews, Row


@dataclass(frozen=True)
class Telling:
    """What is told, and where it is noted that it was."""

    orders: Orders
    reviews: Reviews
    events: Events

    def review(self, row: Row, step: str, review: Row, cause: str) -> None:
        """Calls a human to look at an order, unless the review's row says that one was called."""
        if "PublishedAt" not in review:
            self.events.publish(review_event(row, step, cause))
            self.reviews.mark_told(row["OrderId"], step)

    def outcome(self, row: Row) -> None:
        """Tells how an order ended, unless its row says that it was told."""
        event = outcome_event(row)
        if event and "PublishedAt" not in row:
            self.events.publish(event)
            self.orders.mark_published(row["OrderId"], event.detail_type)
