"""Cancelling an order, as long as nobody has begun to ship it.

A PENDING order is flagged: its machine, which may be anywhere, looks before it captures, and
undoes what it did. A PROCESSED one is decided by one transaction against fulfillment's claim of
its payment session; then money and stock are given back. Every step of that finds its own earlier
effect and goes by the order's id, so whoever finds the row without ClosedAt may take them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from handlers.cancellation.rules.errors import NotCancellable
from handlers.orders.rules.errors import UnknownOrder
from handlers.orders.rules.order_closer import OrderCloser
from handlers.orders.rules.ports import OrderRows, Row
from handlers.orders.rules.states import CANCEL_ORDER, CANCELLED, FAILED, PENDING, PROCESSED
from handlers.shared.rules.errors import TableContended

_ROUNDS = 4  # PENDING, PROCESSED, a last state: a fourth reading finds none new

_SHIPPED = "the order is being shipped; it is too late to cancel it"
_TOO_LATE: Mapping[str, str] = {
    FAILED: "the order has failed; there is nothing to cancel",
    PENDING: "the order waits for its payment or shipping service; try again when it is decided",
}


class Cancelled(Enum):
    """What became of a wish to cancel: the machine is asked, it is done, or was done before."""

    REQUESTED = auto()
    DECIDED = auto()
    BEFORE = auto()


class Cancellations(Protocol):
    """What a cancellation writes."""

    def request(self, order_id: str) -> Row | None:
        """Asks a PENDING order's machine not to capture; None when it is not PENDING any more."""
        ...

    def cancel(self, order_id: str) -> bool:
        """Cancels a PROCESSED order that fulfillment has not claimed; False when it is none."""
        ...


@dataclass(frozen=True)
class OrderCanceller:
    """What a cancellation needs.

    Attributes:
        orders: the orders.
        rows: what a cancellation writes.
        closer: gives a cancelled order's money and stock back, and closes it.
    """

    orders: OrderRows
    rows: Cancellations
    closer: OrderCloser

    def cancel(self, row: Row) -> Cancelled:
        """Decides that an order is cancelled; after DECIDED, `give_back` is to follow.

        Args:
            row: the order's row as it was read.

        Raises:
            NotCancellable: it is too late, or too early for a checkout.
            TableContended: other writers were in the way; the same call again is safe.
        """
        if row["State"] == CANCELLED:
            return Cancelled.BEFORE
        for _ in range(_ROUNDS):
            found = self._once(row)
            if found is not None:
                return found
            row = self._changed(row)
        raise TableContended(f"order {row['OrderId']} kept changing; try again")

    def give_back(self, order_id: str) -> None:
        """Gives back the money and stock of a paid order that was cancelled, and closes it.

        A cancellation that the order's machine recorded is that one's to finish: its execution
        would find its order closed by another, and its end would be reviewed.

        Raises:
            Exception: whatever a step raised; the call is then to be made again.
        """
        row = self._read(order_id)
        decided_here = row["State"] == CANCELLED and row["ExecutionArn"] == CANCEL_ORDER
        if decided_here and "ClosedAt" not in row:
            self.closer.close(row, CANCEL_ORDER)

    def _once(self, row: Row) -> Cancelled | None:
        """Cancels the order as it was read; None when it is another by now.

        One that has become CANCELLED may be so by a write of this call whose answer was lost.
        """
        state, order_id = row["State"], row["OrderId"]
        if state == CANCELLED:
            return Cancelled.DECIDED
        if state == PROCESSED:
            return Cancelled.DECIDED if self.rows.cancel(order_id) else None
        if state == PENDING and "CartId" not in row:
            return Cancelled.REQUESTED if self.rows.request(order_id) else None
        raise NotCancellable(_TOO_LATE.get(state, _SHIPPED))

    def _changed(self, before: Row) -> Row:
        """The row that was in the way: where it is the same, fulfillment's claim was."""
        row = self._read(before["OrderId"])
        if row["State"] == before["State"] == PROCESSED:
            raise NotCancellable(_SHIPPED)
        return row

    def _read(self, order_id: str) -> Row:
        row = self.orders.read(order_id)
        if row is None:
            raise UnknownOrder
        return row
