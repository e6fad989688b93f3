"""The ManualReview table: what a human must look at, and what was done about it so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.adapters.dynamodb import Row, update
from handlers.domain.clock import Clock, timestamp, utc_now


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
        return self._update(
            order_id,
            step,
            "SET #Failed = if_not_exists(#Failed, :failed), #ToDo = if_not_exists(#ToDo, :todo),"
            " #CreatedAt = if_not_exists(#CreatedAt, :now)",
            {":failed": failed, ":todo": to_do, ":now": timestamp(self.clock())},
        )

    def mark_told(self, order_id: str, step: str) -> None:
        """Notes that the review was asked for on the bus."""
        now = {":now": timestamp(self.clock())}
        self._update(order_id, step, "SET #PublishedAt = if_not_exists(#PublishedAt, :now)", now)

    def note_done(self, order_id: str, step: str, done: str) -> None:
        """Notes what has been done; a sentence without personal data."""
        self._update(order_id, step, "SET #Done = :done", {":done": done})

    def _update(self, order_id: str, step: str, expression: str, values: Mapping[str, Any]) -> Row:
        key = {"OrderId": order_id, "Step": step}
        return update(self.client, self.table, key, expression, values) or {}
