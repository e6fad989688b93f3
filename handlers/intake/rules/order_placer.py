"""Taking an order in: nothing that was accepted is lost, nothing that comes twice is two orders.

The row comes first, in one transaction with the idempotency key, then the queue's message, then
the note that it was sent. A crash in between leaves a PENDING row that was not queued: the
caller's retry finds it by its key, and the sweeper by its age; either sends the message from the
row. A message that is sent twice starts nothing twice, because executions go by the order's id.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from handlers.intake.rules.errors import KeyReused
from handlers.intake.rules.idempotency import IdempotencyKey, fingerprint
from handlers.intake.rules.order_request import OrderRequest, machine_input
from handlers.intake.rules.pending_order import message_of
from handlers.intake.rules.price_check import Rows, require_catalogue_prices
from handlers.orders.rules.ports import OrderRows, Row
from handlers.orders.rules.states import PENDING
from handlers.payments.rules.gateway import Vault, exchanged
from handlers.shared.rules.clock import Clock


class PendingOrders(OrderRows, Protocol):
    """The CustomerOrders table, for orders that wait."""

    def add(self, order: Mapping[str, Any]) -> Row | None:
        """Writes the machine's input as a new PENDING row; None when there is a row."""
        ...

    def note_queued(self, order_id: str) -> None:
        """Notes on a PENDING order that its message was sent."""
        ...


class KeyedOrders(Protocol):
    """The IdempotencyKeys table beside them."""

    def add(self, order: Mapping[str, Any], key: IdempotencyKey, mark: str) -> Row | None:
        """Writes a new PENDING row together with its key; None when there is either."""
        ...

    def mark_of(self, key: IdempotencyKey) -> str | None:
        """The mark of the request that a key stands for; None while it stands for none."""
        ...


class PurchaseQueue(Protocol):
    """The queue of orders to start."""

    def send(self, message: Mapping[str, Any]) -> None:
        """Sends a message."""
        ...


class Catalogue(Protocol):
    """The Inventory table, for who only reads it."""

    def rows(self, items: list[str]) -> Rows:
        """The items' rows, as far as there are any."""
        ...


@dataclass(frozen=True)
class Placed:
    """An order that was taken in.

    Attributes:
        order_id: the order.
        state: its State.
        unsent: why its message could not be sent, which the sweeper does then.
    """

    order_id: str
    state: str
    unsent: Exception | None = None


@dataclass(frozen=True)
class Intake:
    """What taking orders in needs; `new_id` makes the id of an order without a key."""

    orders: PendingOrders
    keyed: KeyedOrders
    queue: PurchaseQueue
    catalogue: Catalogue
    vault: Vault
    clock: Clock
    new_id: Callable[[], str]

    def place(self, order: OrderRequest, key: IdempotencyKey | None) -> Placed:
        """Takes an order in, or finds it taken in.

        Raises:
            KeyReused: the key stands for another order.
            CatalogueDiffers: an item or a price is not the catalogue's; nothing was written.
            PaymentGatewayUnavailable, TableContended: the same request may be sent again.
        """
        found = self._found(order, key) if key else None
        if found is not None:
            return found
        require_catalogue_prices(order, self.catalogue.rows([item.item_id for item in order.items]))
        return self._add(order, key)

    def _add(self, order: OrderRequest, key: IdempotencyKey | None) -> Placed:
        order_id = key.order_id if key else self.new_id()
        payment = exchanged(order.means, self.vault)
        accepted = machine_input(order, payment, order_id, self.clock())
        if key is None:
            row = self.orders.add(accepted) or self.orders.read(order_id)
        else:
            row = self.keyed.add(accepted, key, fingerprint(order))
        if row is not None:
            return self._queued(row)
        found = self._found(order, key) if key else None
        if found is None:
            raise KeyReused("the Idempotency-Key was used too long ago; please send a new one")
        return found

    def _found(self, order: OrderRequest, key: IdempotencyKey) -> Placed | None:
        """The order that a key stands for, if it stands for one."""
        mark = self.keyed.mark_of(key)
        if mark is None:
            return None
        if mark != fingerprint(order):
            raise KeyReused("the Idempotency-Key was used for another order")
        row = self.orders.read(key.order_id)
        if row is None:
            raise KeyReused("the order of this Idempotency-Key was removed")
        if row["State"] == PENDING and "QueuedAt" not in row:
            return self._queued(row)
        return Placed(row["OrderId"], row["State"])

    def _queued(self, row: Row) -> Placed:
        """The order is taken in already, so whatever keeps the message back is for later."""
        try:
            self.queue.send(message_of(row))
            self.orders.note_queued(row["OrderId"])
        except Exception as error:
            return Placed(row["OrderId"], row["State"], error)
        return Placed(row["OrderId"], row["State"])
