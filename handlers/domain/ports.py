"""What the rules need from tables and the bus."""

from collections.abc import Mapping
from typing import Any, Protocol

from handlers.domain.outcomes import Event

Row = Mapping[str, Any]


class OrderRows(Protocol):
    """The CustomerOrders table, for who only reads it."""

    def read(self, order_id: str) -> Row | None:
        """The order's row, if there is one."""
        ...


class Orders(OrderRows, Protocol):
    """The CustomerOrders table."""

    def refuse(self, order: Mapping[str, Any], execution: str, reason: str, cause: str) -> Row:
        """Makes an undecided order FAILED; returns the row that stands."""
        ...

    def cancel(self, order: Mapping[str, Any], execution: str) -> Row:
        """Makes an undecided order CANCELLED; returns the row that stands."""
        ...

    def settle(self, order_id: str, payment_status: str | None, compensated: bool) -> Row:
        """Notes on a refused order how its compensation went; returns its row."""
        ...

    def mark_published(self, order_id: str, detail_type: str) -> bool:
        """Notes that the outcome was told by an event of this type."""
        ...


class Reviews(Protocol):
    """The ManualReview table."""

    def open(self, order_id: str, step: str, failed: str, to_do: str) -> Row:
        """Asks for a review, or finds it asked for; returns its row."""
        ...

    def mark_told(self, order_id: str, step: str) -> bool:
        """Notes that humans were told; False when there is no such review."""
        ...

    def note_done(self, order_id: str, step: str, done: str) -> None:
        """Notes what was done on a review, if there is one."""
        ...


class Stock(Protocol):
    """The Reservations and Inventory tables."""

    def release(self, order_id: str) -> bool:
        """Gives the order's stock back, once; whether there was any."""
        ...


class Events(Protocol):
    """The bus."""

    def publish(self, event: Event) -> None:
        """Puts an event on the bus."""
        ...
