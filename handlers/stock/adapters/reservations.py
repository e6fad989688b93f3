"""An order's reserved stock: the Reservations and Inventory tables.

The state machine reserves; this gives back. A release of an order that has no reservation leaves
a tombstone, RELEASED without Items, so that a reservation which lands later is refused.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from handlers.shared.adapters.dynamodb import (
    CONDITION_FAILED,
    FAILED_CONDITION,
    Row,
    Sleep,
    cancellations,
    code,
    is_contended,
    patiently,
    query,
    read,
    typed,
)
from handlers.shared.rules.errors import TableContended
from handlers.stock.rules.errors import StockCommitted, StockInconsistent

# absent -> RESERVED -> COMMITTED -> RELEASED: a fourth reading finds the last status.
_ATTEMPTS = 4


@dataclass(frozen=True)
class Stock:
    """Reservations by order, and the inventory they were taken from.

    Attributes:
        client: a DynamoDB client.
        reservations: the name of the Reservations table.
        inventory: the name of the Inventory table.
        sleep: waits a number of seconds before a contended write is tried again.
    """

    client: Any
    reservations: str
    inventory: str
    sleep: Sleep = time.sleep

    def read(self, order_id: str) -> Row | None:
        """The order's reservation, if there is one."""
        return read(self.client, self.reservations, OrderId=order_id)

    def release(self, order_id: str, *, committed: bool = False) -> bool:
        """Gives an order's stock back, once, and refuses a reservation that comes later.

        Args:
            order_id: the order.
            committed: also gives back the stock of a recorded order, which must be CANCELLED.

        Returns:
            Whether there was stock to give back; a repetition answers the same.

        Raises:
            StockCommitted: the order is recorded, so its stock is the customer's.
            StockInconsistent: the inventory does not hold what is reserved.
            TableContended: other writers were in the way for too long.
        """
        for _ in range(_ATTEMPTS):
            row = self.read(order_id)
            if row is None:
                settled = self._settled(partial(self._put_tombstone, order_id))
            elif row["Status"] == "RELEASED":
                return bool(row.get("Items"))
            else:
                _require_releasable(row, committed)
                settled = self._settled(partial(self._give_back, row))
            if settled:
                return row is not None
        raise TableContended(f"the reservation of order {order_id} kept changing; try again")

    def expired(self, now: int) -> Iterator[Row]:
        """The reservations that ran out before `now`, in seconds since 1970."""
        return query(
            self.client,
            TableName=self.reservations,
            IndexName="ExpiringReservations",
            KeyConditionExpression="Expiring = :yes AND ExpiresAt < :now",
            ExpressionAttributeValues=typed({":yes": "yes", ":now": now}),
        )

    def _settled(self, write: Callable[[], Any]) -> bool:
        """Writes; False when the reservation is no longer the one that was read."""
        try:
            patiently(write, self.sleep)
        except ClientError as error:
            if code(error) == CONDITION_FAILED or cancellations(error)[:1] == [FAILED_CONDITION]:
                return False
            raise
        return True

    def _put_tombstone(self, order_id: str) -> None:
        self.client.put_item(
            TableName=self.reservations,
            Item=typed({"OrderId": order_id, "Status": "RELEASED"}),
            ConditionExpression="attribute_not_exists(OrderId)",
        )

    def _give_back(self, row: Row) -> None:
        actions = [_mark_released(self.reservations, row)]
        actions += [_return(self.inventory, item) for item in row["Items"]]
        try:
            self.client.transact_write_items(TransactItems=actions)
        except ClientError as error:
            _require_consistent(row, error)
            raise


def _require_releasable(row: Row, committed: bool) -> None:
    if row["Status"] == "COMMITTED" and not committed:
        raise StockCommitted(
            f"the stock of order {row['OrderId']} belongs to a recorded order;"
            " cancel the order before its stock is released"
        )


def _require_consistent(row: Row, error: ClientError) -> None:
    """Names a product that does not hold what was reserved; nothing else can fail about it."""
    own, *products = cancellations(error) or [""]
    if FAILED_CONDITION in products and own != FAILED_CONDITION and not is_contended(error):
        item = row["Items"][products.index(FAILED_CONDITION)]
        raise StockInconsistent(
            f"product {item['itemId']} has less reserved than order {row['OrderId']} says;"
            " correct the Inventory row and release the order again"
        ) from error


def _mark_released(table: str, row: Row) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": table,
            "Key": typed({"OrderId": row["OrderId"]}),
            "UpdateExpression": "SET #Status = :released REMOVE Expiring, ExpiresAt",
            "ConditionExpression": "#Status = :read",
            "ExpressionAttributeNames": {"#Status": "Status"},
            "ExpressionAttributeValues": typed({":released": "RELEASED", ":read": row["Status"]}),
        }
    }


def _return(table: str, item: Row) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": table,
            "Key": typed({"ProductId": item["itemId"]}),
            "UpdateExpression": "SET OnHand = OnHand + :quantity, Reserved = Reserved - :quantity",
            "ConditionExpression": "Reserved >= :quantity",
            "ExpressionAttributeValues": typed({":quantity": item["quantity"]}),
        }
    }
