"""Compensating a refused or cancelled order: its payment first, then its stock, by its id alone.

Money that may still be taken keeps its stock, so nothing is released after a void that failed.
Every step finds its own earlier effect and leaves a tombstone for later ones, so that the whole may
run again after a crash between any two lines.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from handlers.orders.rules.ports import Row, Stock
from handlers.orders.rules.states import CANCELLED, Voided
from handlers.orders.rules.statuses import payment_status


class NotCompensated(Exception):
    """A step of a compensation that failed.

    Attributes:
        step: the step's name.
        error: what it raised.
        passes: whether the error is one that passes by itself.
    """

    def __init__(self, step: str, error: Exception, passes: bool) -> None:
        super().__init__(f"{step} failed with {type(error).__name__}: {error}")
        self.step = step
        self.error = error
        self.passes = passes


class Voids(Protocol):
    """The payment gateway, for who gives money back."""

    def void(self, order_id: str) -> Voided:
        """Gives everything back, and refuses every later hold or capture of the order."""
        ...


class ServiceVoids(Protocol):
    """The outside payment service, for who gives money back."""

    def cancel(self, order_id: str) -> Voided:
        """Gives everything back, and refuses to take anything of the order later."""
        ...


class Callbacks(Protocol):
    """The PendingCallbacks table."""

    def close(self, order_id: str) -> None:
        """Refuses every token and every answer of the order from now on."""
        ...


class Carts(Protocol):
    """The Carts table."""

    def free(self, cart_id: str, order_id: str) -> None:
        """Frees the cart for a new attempt, if it is this order's."""
        ...


@dataclass(frozen=True)
class Checkouts:
    """What a checkout's order holds beside its stock."""

    callbacks: Callbacks
    payments: ServiceVoids
    carts: Carts


@dataclass(frozen=True)
class Compensated:
    """What was given back of an order.

    Attributes:
        payment_status: the order's PaymentStatus from now on.
        voided: how its payment came back.
        released: whether it had stock to give back.
    """

    payment_status: str
    voided: Voided
    released: bool

    def __str__(self) -> str:
        """A sentence for a review."""
        stock = "released" if self.released else "none was reserved"
        return f"payment: {self.voided.lower()}; stock: {stock}"


@dataclass(frozen=True)
class Compensator:
    """What orders hold.

    Attributes:
        payments: the gateway of order processing.
        checkouts: what a checkout holds.
        stock: the reserved stock.
        passes: whether an error is one that passes by itself.
    """

    payments: Voids
    checkouts: Checkouts
    stock: Stock
    passes: Callable[[Exception], bool]

    def compensate(self, row: Row) -> Compensated:
        """Gives back what an order holds.

        Args:
            row: the order's row, FAILED or CANCELLED.

        Raises:
            NotCompensated: a step failed; those after it were not begun.
        """
        if "CartId" in row:
            return self._checkout(row)
        with self._step("VoidPayment"):
            voided = self.payments.void(row["OrderId"])
        return Compensated(payment_status(row, voided), voided, self._release(row))

    def _checkout(self, row: Row) -> Compensated:
        order_id = row["OrderId"]
        with self._step("CloseCallbacks"):
            self.checkouts.callbacks.close(order_id)
        with self._step("CancelPayment"):
            voided = self.checkouts.payments.cancel(order_id)
        released = self._release(row)
        with self._step("FreeCart"):
            self.checkouts.carts.free(row["CartId"], order_id)
        return Compensated(payment_status(row, voided), voided, released)

    def _release(self, row: Row) -> bool:
        """Committed stock is the customer's; only a cancelled order gives it back."""
        with self._step("ReleaseStock"):
            return self.stock.release(row["OrderId"], committed=row["State"] == CANCELLED)

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise NotCompensated(name, error, self.passes(error)) from error
