"""The PendingCallbacks table: who waits for which answer, and which answers were given.

A row's Status: WAITING with a Token; KEPT with an Answer that came before its token; ANSWERED
with the Answer that a task took; CLOSED once the order has failed. No token leaves this table but
towards Step Functions.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from handlers.checkout.rules.answers import Answer, Step
from handlers.shared.adapters.dynamodb import Row, read, update
from handlers.shared.rules.clock import Clock, utc_now


@dataclass(frozen=True)
class PendingCallbacks:
    """Callbacks by order and step.

    Attributes:
        client: a DynamoDB client.
        table: the table's name.
        patience: how long a checkout may take; no token is good for longer.
        clock: tells the time.
    """

    client: Any
    table: str
    patience: timedelta
    clock: Clock = utc_now

    def read(self, order_id: str, step: Step) -> Row | None:
        """The step's row, without a Token that has expired: DynamoDB deletes late (its TTL)."""
        row = read(self.client, self.table, OrderId=order_id, Step=str(step))
        if row is not None and row["ExpiresAt"] <= self.clock().timestamp():
            row.pop("Token", None)
        return row

    def wait(self, order_id: str, step: Step, token: str) -> Row | None:
        """Notes that a task waits, in place of an earlier one; None once the order has failed.

        The row may already have an Answer, which is the task's.
        """
        return self._update(
            order_id,
            step,
            "SET #Token = :token, #Status = :waiting, #ExpiresAt = :expires",
            {":token": token, ":waiting": "WAITING", ":closed": "CLOSED"},
            "attribute_not_exists(#OrderId) OR #Status <> :closed",
        )

    def keep(self, order_id: str, answer: Answer) -> bool:
        """Keeps an answer until its task's token is there; False when something is there."""
        kept = self._update(
            order_id,
            answer.step,
            "SET #Answer = :answer, #Status = :kept, #ExpiresAt = :expires",
            {":answer": answer.word, ":kept": "KEPT"},
            "attribute_not_exists(#OrderId)",
        )
        return kept is not None

    def mark(self, order_id: str, answer: Answer) -> None:
        """Notes the answer that a task took, unless the order has failed; the first one stays."""
        self._update(
            order_id,
            answer.step,
            "SET #Answer = if_not_exists(#Answer, :answer), #Status = :answered,"
            " #ExpiresAt = :expires REMOVE #Token",
            {":answer": answer.word, ":answered": "ANSWERED", ":closed": "CLOSED"},
            "attribute_not_exists(#OrderId) OR #Status <> :closed",
        )

    def close(self, order_id: str) -> None:
        """Refuses every token and every answer of the order from now on."""
        for step in Step:
            self._update(
                order_id,
                step,
                "SET #Status = :closed, #ExpiresAt = :expires REMOVE #Token",
                {":closed": "CLOSED"},
            )

    def _update(
        self, order_id: str, step: Step, expression: str, values: Row, condition: str | None = None
    ) -> Row | None:
        expires = int((self.clock() + self.patience).timestamp())
        key = {"OrderId": order_id, "Step": str(step)}
        given = {**values, ":expires": expires}
        return update(self.client, self.table, key, expression, given, condition)
