"""What the rules need from tables."""

from collections.abc import Mapping
from typing import Any, Protocol

Row = Mapping[str, Any]


class OrderRows(Protocol):
    """The CustomerOrders table, for who only reads it."""

    def read(self, order_id: str) -> Row | None:
        """The order's row, if there is one."""
        ...


class Orders(OrderRows, Protocol):
    """The CustomerOrders table, for who ends orders."""

    def fence(self, order_id: str, execution: str, columns: Mapping[str, Any]) -> Row:
        """Makes an undecided order FAILED; returns the row that stands."""
        ...

    def fence_cancelled(self, order_id: str, execution: str) -> Row:
        """Makes a PENDING order CANCELLED whose customer asked for it; the row that stands."""
        ...

    def close(
        self, order_id: str, execution: str, payment_status: str, known: Mapping[str, Any]
    ) -> None:
        """Notes on a refused or cancelled order that everything is undone; the first note stays."""
        ...

    def hand_over(self, order_id: str, known: Mapping[str, Any]) -> None:
        """Notes on a refused or cancelled order that something cannot be undone."""
        ...


class Stock(Protocol):
    """The Reservations and Inventory tables."""

    def release(self, order_id: str, *, committed: bool = False) -> bool:
        """Gives the order's stock back, once; whether there was any."""
        ...
