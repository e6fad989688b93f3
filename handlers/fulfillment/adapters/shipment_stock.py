"""Taking a shipment's products out of the inventory, once, in one DynamoDB transaction.

The mark on the shipment's row stands first among its actions. A cancelled transaction is read
reason by reason: whoever else wrote at the same time is waited for, the mark of an earlier effect
is success, and only then is a product short.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from handlers.fulfillment.adapters.shipment_rows import Shipments, key
from handlers.fulfillment.rules.products import quantities
from handlers.fulfillment.rules.shipment import Shipment
from handlers.fulfillment.rules.shipment_sender import standing
from handlers.fulfillment.rules.shipment_states import CANCELLED
from handlers.orders.rules.errors import OutOfStock
from handlers.shared.adapters.dynamodb import (
    FAILED_CONDITION,
    Sleep,
    cancellations,
    patiently,
    typed,
)
from handlers.shared.rules.clock import timestamp
from handlers.shared.rules.errors import TableContended
from handlers.shared.rules.field_names import shown
from handlers.stock.rules.errors import StockInconsistent


@dataclass(frozen=True)
class ShipmentStock:
    """The inventory, as shipments take from it.

    Attributes:
        shipments: the Shipments table, with the client and the clock.
        inventory: the name of the Inventory table.
        sleep: waits a number of seconds before a contended write is tried again.
    """

    shipments: Shipments
    inventory: str
    sleep: Sleep = time.sleep

    def take(self, shipment: Shipment) -> None:
        """Takes the products out of Reserved, or out of OnHand where none are reserved.

        Raises:
            OutOfStock: there are too few on hand; nothing was taken.
            StockInconsistent: fewer are reserved than the reservation says; nothing was taken.
            ShipmentCancelled: the attempt was cancelled; nothing was taken for it.
            TableContended: other writers were in the way for too long.
        """
        wanted = quantities(shipment.products)
        column = "Reserved" if shipment.reserved else "OnHand"
        actions = [self._mark(shipment)]
        actions += [self._take(column, name, wanted[name]) for name in wanted]
        client = self.shipments.client
        try:
            patiently(lambda: client.transact_write_items(TransactItems=actions), self.sleep)
        except ClientError as error:
            own, *products = cancellations(error) or [""]
            if own == FAILED_CONDITION:
                self._require_taken(shipment)
            elif FAILED_CONDITION in products:
                _refuse(shipment, list(wanted), products)
            else:
                raise

    def _mark(self, shipment: Shipment) -> dict[str, Any]:
        now = timestamp(self.shipments.clock())
        values = {":now": now, ":attempt": shipment.attempt, ":cancelled": CANCELLED}
        return {
            "Update": {
                "TableName": self.shipments.table,
                "Key": typed(key(shipment)),
                "UpdateExpression": "SET InventoryUpdatedAt = :now",
                "ConditionExpression": (
                    "attribute_not_exists(InventoryUpdatedAt)"
                    " AND Attempt = :attempt AND SendStatus <> :cancelled"
                ),
                "ExpressionAttributeValues": typed(values),
            }
        }

    def _take(self, column: str, product: str, quantity: int) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self.inventory,
                "Key": typed({"ProductId": product}),
                "UpdateExpression": f"SET {column} = {column} - :quantity",
                "ConditionExpression": f"{column} >= :quantity",
                "ExpressionAttributeValues": typed({":quantity": quantity}),
            }
        }

    def _require_taken(self, shipment: Shipment) -> None:
        """Accepts the mark of an earlier effect, of whatever attempt, while this one goes on."""
        row = standing(shipment, self.shipments.read(shipment))
        if "InventoryUpdatedAt" not in row:
            raise TableContended(f"the shipment of order {shipment.order_id} kept changing")


def _refuse(shipment: Shipment, wanted: Sequence[str], reasons: Sequence[str]) -> None:
    short = [
        shown(name)
        for name, reason in zip(wanted, reasons, strict=True)
        if reason == FAILED_CONDITION
    ]
    names = ", ".join(short)
    if shipment.reserved:
        raise StockInconsistent(
            f"less is reserved of {names} than order {shipment.order_id} reserved;"
            " correct the Inventory row"
        )
    raise OutOfStock(f"not enough stock of {names}")
