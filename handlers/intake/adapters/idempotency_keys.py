"""The IdempotencyKeys table: which order a caller's key stands for, and what was asked with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.intake.adapters.pending_order_rows import PendingOrders
from handlers.intake.rules.idempotency import KEPT_FOR, IdempotencyKey
from handlers.shared.adapters.dynamodb import Row, create, read


@dataclass(frozen=True)
class KeyedOrders:
    """Orders by the keys of their requests.

    Attributes:
        orders: where the orders themselves are.
        table: the name of the IdempotencyKeys table.
    """

    orders: PendingOrders
    table: str

    def add(self, order: Mapping[str, Any], key: IdempotencyKey, mark: str) -> Row | None:
        """Writes a new PENDING row together with its key, or nothing.

        Args:
            order: the machine's input.
            key: what the request is called.
            mark: what a repeated request is known by.

        Returns:
            The row; None when there is one already, or the key.
        """
        expires = int((self.orders.clock() + KEPT_FOR).timestamp())
        claim = {
            "IdempotencyKey": key.name,
            "OrderId": order["orderId"],
            "Fingerprint": mark,
            "ExpiresAt": expires,
        }
        return self.orders.add(order, create(self.table, claim, "IdempotencyKey"))

    def mark_of(self, key: IdempotencyKey) -> str | None:
        """The mark of the request that a key stands for; None while it stands for none."""
        row = read(self.orders.client, self.table, IdempotencyKey=key.name)
        return None if row is None else str(row["Fingerprint"])
