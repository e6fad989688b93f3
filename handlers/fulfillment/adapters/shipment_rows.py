"""The Shipments table. What its rows say stands in `domain.shipment_rows`."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from handlers.fulfillment.rules.shipment import Shipment
from handlers.fulfillment.rules.shipment_states import (
    CANCELLED,
    PLANNED,
    REQUESTED,
    SENT,
    Rows,
    first_or_next,
)
from handlers.shared.adapters.dynamodb import (
    FAILED_CONDITION,
    Row,
    Sleep,
    cancellations,
    patiently,
    query,
    read,
    typed,
    update,
)
from handlers.shared.rules.clock import Clock, timestamp, utc_now
from handlers.shared.rules.errors import TableContended

_MOST_ACTIONS = 100  # of a transaction
_ROUNDS = 6


@dataclass(frozen=True)
class Shipments:
    """Shipments by order and fulfillment centre.

    Attributes:
        client: a DynamoDB client.
        table: the table's name.
        clock: tells the time that rows carry.
        sleep: waits a number of seconds before a contended write is tried again.
    """

    client: Any
    table: str
    clock: Clock = utc_now
    sleep: Sleep = time.sleep

    def read(self, shipment: Shipment) -> Row | None:
        """The shipment's row, if there is one."""
        return read(self.client, self.table, **key(shipment))

    def of_order(self, order_id: str) -> dict[str, Row]:
        """An order's rows by centre, as they stand."""
        rows = query(
            self.client,
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="OrderId = :order",
            ExpressionAttributeValues=typed({":order": order_id}),
        )
        return {row["FulfillmentCenterId"]: row for row in rows}

    def plan(self, shipments: Sequence[Shipment]) -> Rows:
        """Writes the rows of an order's shipments that have none, or a cancelled one.

        Returns:
            The order's rows; those of others where these came first.

        Raises:
            TableContended: other writers were in the way for too long.
        """
        for _ in range(_ROUNDS):
            standing = self.of_order(shipments[0].order_id)
            puts = self._puts(shipments, standing)
            if not puts:
                return standing
            for start in range(0, len(puts), _MOST_ACTIONS):
                self._put(puts[start : start + _MOST_ACTIONS])
        raise TableContended(f"the shipments of order {shipments[0].order_id} kept changing")

    def request(self, shipment: Shipment, label_key: str) -> Row | None:
        """Notes that the centre may hear of the attempt; None when it is SENT or over."""
        return self._move(
            shipment,
            "SET #SendStatus = :to, #LabelKey = :label,"
            " #RequestedAt = if_not_exists(#RequestedAt, :now)",
            {":to": REQUESTED, ":label": label_key},
            (PLANNED, REQUESTED),
        )

    def mark_sent(self, shipment: Shipment) -> Row | None:
        """Notes that the centre was told of the attempt; None when that is over."""
        return self._move(
            shipment,
            "SET #SendStatus = :to, #SentAt = if_not_exists(#SentAt, :now)",
            {":to": SENT},
            (REQUESTED, SENT),
        )

    def cancel(self, shipment: Shipment) -> Row:
        """Ends the attempt unless it is done; returns the row as it stands."""
        row = update(
            self.client,
            self.table,
            key(shipment),
            "SET #SendStatus = :cancelled, #CancelledAt = if_not_exists(#CancelledAt, :now)",
            {":cancelled": CANCELLED, ":now": self._now(), ":attempt": shipment.attempt}
            | {":sent": SENT},
            "#Attempt = :attempt AND"
            " (#SendStatus <> :sent OR attribute_not_exists(#InventoryUpdatedAt))",
        )
        found = row or self.read(shipment)
        if found is None:
            raise TableContended(f"the shipment of order {shipment.order_id} was removed")
        return found

    def mark_cancel_sent(self, shipment: Shipment) -> None:
        """Notes that the centre heard of the cancellation, while the attempt is the latest."""
        self._move(shipment, "SET #CancelSentAt = :now", {}, (CANCELLED,))

    def _move(
        self, shipment: Shipment, expression: str, values: Row, states: tuple[str, ...]
    ) -> Row | None:
        """Changes the row of an attempt in one of some states; None when it is in another."""
        known = {f":{state}": state for state in states}
        return update(
            self.client,
            self.table,
            key(shipment),
            expression,
            {**values, **known, ":now": self._now(), ":attempt": shipment.attempt},
            f"#Attempt = :attempt AND #SendStatus IN ({', '.join(known)})",
        )

    def _puts(self, shipments: Sequence[Shipment], standing: Rows) -> list[Row]:
        planned = [
            (first_or_next(each, standing.get(each.center)), each.center) for each in shipments
        ]
        return [
            {"Put": {"TableName": self.table, "Item": typed(row), **_unchanged(center, standing)}}
            for row, center in planned
            if row is not None
        ]

    def _put(self, puts: list[Row]) -> None:
        """Writes rows, unless another execution has planned one of them."""
        try:
            patiently(lambda: self.client.transact_write_items(TransactItems=puts), self.sleep)
        except ClientError as error:
            if FAILED_CONDITION not in cancellations(error):
                raise

    def _now(self) -> str:
        return timestamp(self.clock())


def key(shipment: Shipment) -> dict[str, str]:
    """The key of a shipment's row."""
    return {"OrderId": shipment.order_id, "FulfillmentCenterId": shipment.center}


def _unchanged(center: str, standing: Rows) -> Row:
    """The condition that a row is still the cancelled one that was read, or none."""
    if center not in standing:
        return {"ConditionExpression": "attribute_not_exists(OrderId)"}
    former = {":cancelled": CANCELLED, ":former": standing[center]["Attempt"]}
    return {
        "ConditionExpression": "SendStatus = :cancelled AND Attempt = :former",
        "ExpressionAttributeValues": typed(former),
    }
