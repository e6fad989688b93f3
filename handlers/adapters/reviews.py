"""The ManualReview table: what a human must look at, and what was done about it so far.

A row carries `Untold` until its ManualReviewRequired was seen on the bus, or put there by a
function that then said so; the republisher finds what stays untold by the index UntoldReviews.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handlers.adapters.dynamodb import Row, query, read, typed, update
from handlers.domain.clock import Clock, timestamp, utc_now

_IS_KNOWN = "attribute_exists(#OrderId)"


@dataclass(frozen=True)
class Reviews:
    """Reviews by order and step.

    Attributes:
        client: a DynamoDB client.
        table: the name of the ManualReview table.
        clock: tells the time that rows carry.
    """

    client: Any
    table: str
    clock: Clock = utc_now

    def open(self, order_id: str, step: str, failed: str, to_do: str) -> Row:
        """Asks for a review; one that was asked for before stays as it is. Returns its row."""
        opened = self._update(
            order_id,
            step,
            "SET #Failed = :failed, #ToDo = :todo, #CreatedAt = :now, #Untold = :yes",
            {":failed": failed, ":todo": to_do, ":now": self._now(), ":yes": "yes"},
            "attribute_not_exists(#OrderId)",
        )
        return opened or read(self.client, self.table, OrderId=order_id, Step=step) or {}

    def asked(self, order_id: str) -> bool:
        """Whether there is a review of the order, at whichever step."""
        found = query(
            self.client,
            TableName=self.table,
            KeyConditionExpression="OrderId = :order",
            ExpressionAttributeValues=typed({":order": order_id}),
            ConsistentRead=True,
        )
        return next(found, None) is not None

    def mark_told(self, order_id: str, step: str, at: str | None = None) -> bool:
        """Notes that the review was asked for on the bus; False when there is no such review.

        Args:
            order_id: the order.
            step: what failed.
            at: when, in ISO 8601; now when not given. The first time is kept.
        """
        told = self._update(
            order_id,
            step,
            "SET #PublishedAt = if_not_exists(#PublishedAt, :at) REMOVE #Untold",
            {":at": at or self._now()},
            _IS_KNOWN,
        )
        return told is not None

    def note_done(self, order_id: str, step: str, done: str) -> None:
        """Notes on a review, if there is one, what has been done; without personal data."""
        self._update(order_id, step, "SET #Done = :done", {":done": done}, _IS_KNOWN)

    def untold(self, before: str) -> Iterator[Row]:
        """The reviews that were asked for before a time and not seen on the bus."""
        return query(
            self.client,
            TableName=self.table,
            IndexName="UntoldReviews",
            KeyConditionExpression="Untold = :yes AND CreatedAt < :before",
            ExpressionAttributeValues=typed({":yes": "yes", ":before": before}),
        )

    def _now(self) -> str:
        return timestamp(self.clock())

    def _update(
        self, order_id: str, step: str, expression: str, values: Row, condition: str
    ) -> Row | None:
        key = {"OrderId": order_id, "Step": step}
        return update(self.client, self.table, key, expression, values, condition)
