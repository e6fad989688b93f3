"""Failing a checkout: fence, then give everything back, then note how far that came.

The fence makes the order FAILED before anything is undone, so that no confirmation lands later;
an order that was confirmed before the fence stands. Every part finds its own earlier effect and
goes by the order's id, so the whole may run again after a crash between any two lines.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from handlers.domain.attempts import Carts
from handlers.domain.checkout_refusals import Refusal
from handlers.domain.outcomes import FAILED
from handlers.domain.payments import Voided
from handlers.domain.ports import Reviews, Row, Stock
from handlers.domain.services import PaymentCancellation
from handlers.domain.statuses import payment_status

STEP = "FailCheckout"


class Orders(Protocol):
    """The CustomerOrders table."""

    def fail(self, order: Mapping[str, Any], columns: Mapping[str, Any]) -> Row:
        """Makes an undecided order FAILED; returns the row that stands."""
        ...

    def settle(self, order_id: str, payment_status: str | None, compensated: bool) -> Row:
        """Notes on a FAILED order how its compensation went; returns its row."""
        ...


class Callbacks(Protocol):
    """The PendingCallbacks table."""

    def close(self, order_id: str) -> None:
        """Refuses every token and every answer of the order from now on."""
        ...


@dataclass(frozen=True)
class Failed:
    """How a checkout was failed.

    Attributes:
        row: the order's row as it stands.
        uncompensated: the parts that could not be undone yet.
        errors: what each of them raised.
    """

    row: Row
    uncompensated: tuple[str, ...] = ()
    errors: tuple[Exception, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether the order was decided otherwise before, and nothing was undone."""
        return bool(self.row["State"] != FAILED)


@dataclass(frozen=True)
class CheckoutFailure:
    """What a checkout consists of, and how it is undone."""

    orders: Orders
    carts: Carts
    callbacks: Callbacks
    payments: PaymentCancellation
    stock: Stock
    reviews: Reviews

    def fail(self, order: Mapping[str, Any], refusal: Refusal) -> Failed:
        """Fails an order, unless it stands or was compensated before.

        Args:
            order: of which `orderId` is read.
            refusal: why; an order that was failed before keeps its own reason.
        """
        row = self.fence(order, refusal)
        if row["State"] != FAILED or row.get("Compensated"):
            return Failed(row)
        if refusal.review:
            self.call_human(row, refusal.cause)
        failed = self.undo(row)
        if refusal.review and not failed.errors:
            self.note_undone(row)
        return failed

    def fence(self, order: Mapping[str, Any], refusal: Refusal, **columns: str) -> Row:
        """Makes an undecided order FAILED; returns the row that stands.

        Args:
            order: of which `orderId` is read.
            refusal: why.
            columns: what else the row is to say.
        """
        return self.orders.fail(order, {**refusal.columns, **columns})

    def call_human(self, row: Row, cause: str) -> Row:
        """Asks for a review, or finds it asked for; returns its row."""
        return self.reviews.open(row["OrderId"], STEP, f"{row['Reason']}: {cause}", _TO_DO)

    def note_undone(self, row: Row) -> None:
        """Tells the human that there is nothing left to undo."""
        self.reviews.note_done(row["OrderId"], STEP, "everything was undone")

    def undo(self, row: Row) -> Failed:
        """Undoes every part of a FAILED order, and notes what could not be undone."""
        order_id, voided = row["OrderId"], list[Voided]()
        parts: Mapping[str, Callable[[], object]] = {
            "CloseCallbacks": lambda: self.callbacks.close(order_id),
            "CancelPayment": lambda: voided.append(self.payments.cancel(order_id)),
            "ReleaseStock": lambda: self.stock.release(order_id),
            "FreeCart": lambda: self.carts.fail(row["CartId"], order_id),
        }
        errors = dict(_errors(parts))
        if errors:
            self.call_human(row, row["Cause"])
            self.reviews.note_done(order_id, STEP, f"not undone: {', '.join(errors)}")
        status = payment_status(row, voided[0]) if voided else None
        settled = self.orders.settle(order_id, status, not errors)
        return Failed(settled, tuple(errors), tuple(errors.values()))


_TO_DO = (
    "find the cause; unless the order's row says Compensated, cancel the payment at the payment"
    " service and release the stock by order id"
)


def _errors(parts: Mapping[str, Callable[[], object]]) -> Iterator[tuple[str, Exception]]:
    """Every part is tried, whatever became of those before it."""
    for name, undo in parts.items():
        try:
            undo()
        except Exception as error:
            yield name, error
