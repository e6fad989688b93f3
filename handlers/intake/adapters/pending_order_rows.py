"""The CustomerOrders rows of orders that wait for a machine.

A row waits as long as it has `Waiting`; the sparse index WaitingOrders holds those rows by the
time of their last change. Noting a sent message does not change UpdatedAt.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from handlers.intake.rules.pending_order import STATUSES
from handlers.orders.adapters.order_rows import decided, snapshot
from handlers.orders.rules.errors import InvalidOrder
from handlers.orders.rules.states import FAILED, PENDING
from handlers.orders.rules.statuses import REFUSED
from handlers.shared.adapters.dynamodb import (
    FAILED_CONDITION,
    Row,
    Sleep,
    cancellations,
    create,
    patiently,
    query,
    read,
    typed,
    update,
)
from handlers.shared.rules.clock import Clock, timestamp, utc_now

_STARTER = "start_order"


@dataclass(frozen=True)
class PendingOrders:
    """Orders by id.

    Attributes:
        client: a DynamoDB client.
        table: the name of the CustomerOrders table.
        clock: tells the time that rows carry.
        sleep: waits a number of seconds before a contended write is tried again.
    """

    client: Any
    table: str
    clock: Clock = utc_now
    sleep: Sleep = time.sleep

    def read(self, order_id: str) -> Row | None:
        """The order's row, if there is one."""
        return read(self.client, self.table, OrderId=order_id)

    def add(self, order: Mapping[str, Any], *beside: Mapping[str, Any]) -> Row | None:
        """Writes a new PENDING row, or nothing.

        Args:
            order: the machine's input.
            beside: further actions of the same transaction.

        Returns:
            The row; None when there is one already, or another condition failed.
        """
        row = self._pending(order)
        return row if self._written([*beside, create(self.table, row)]) else None

    def reject(self, order_id: str, customer_id: str | None, cause: str) -> Row | None:
        """Writes a new row FAILED with InvalidOrder, closed from the start.

        Args:
            order_id: the order.
            customer_id: the customer, where it is known.
            cause: a sentence without personal data.

        Returns:
            The row; None when there is one already.
        """
        now = timestamp(self.clock())
        known = {} if customer_id is None else {"CustomerId": customer_id}
        row = {
            "OrderId": order_id,
            **known,
            **decided(FAILED, _STARTER, now),
            **REFUSED,
            "Reason": InvalidOrder.__name__,
            "Cause": cause,
            "CreatedAt": now,
            "ClosedAt": now,
            "ClosedBy": _STARTER,
        }
        return row if self._written([create(self.table, row)]) else None

    def note_queued(self, order_id: str) -> None:
        """Notes on a PENDING order that its message was sent."""
        update(
            self.client,
            self.table,
            {"OrderId": order_id},
            "SET #QueuedAt = :now",
            {":now": timestamp(self.clock()), ":pending": PENDING},
            "#State = :pending",
        )

    def waiting(self, before: str) -> Iterator[Row]:
        """The orders that have waited unchanged since before a time, the oldest first."""
        return query(
            self.client,
            TableName=self.table,
            IndexName="WaitingOrders",
            KeyConditionExpression="Waiting = :yes AND UpdatedAt < :before",
            ExpressionAttributeValues=typed({":yes": "yes", ":before": before}),
        )

    def _pending(self, order: Mapping[str, Any]) -> Row:
        return {
            "OrderId": order["orderId"],
            "State": PENDING,
            **STATUSES,
            **snapshot(order),
            "Payment": order["payment"],
            "UpdatedAt": timestamp(self.clock()),
            "Waiting": "yes",
        }

    def _written(self, actions: list[Mapping[str, Any]]) -> bool:
        """Writes all or nothing; False when a condition failed."""
        try:
            patiently(lambda: self.client.transact_write_items(TransactItems=actions), self.sleep)
        except ClientError as error:
            if FAILED_CONDITION not in cancellations(error):
                raise
            return False
        return True
