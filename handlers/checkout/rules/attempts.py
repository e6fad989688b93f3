"""The cart as a lock: one open or confirmed order at a time, and a new attempt after a failure.

A cart's row names its latest attempt, with the execution that made it. Every attempt's order has
an id of its own, made of cart and number, so an execution finds its order again whatever
happened to the cart since.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from handlers.checkout.rules import prices as catalogue
from handlers.checkout.rules.checkout_request import Checkout, order_id
from handlers.checkout.rules.errors import CheckoutClosed
from handlers.checkout.rules.prices import Prices, Rows
from handlers.orders.rules.errors import InvalidOrder
from handlers.orders.rules.ports import OrderRows, Row
from handlers.shared.rules.errors import TableContended

OPEN, CONFIRMED, FAILED = "OPEN", "CONFIRMED", "FAILED"

_BUSY = {OPEN: "is already being checked out", CONFIRMED: "was already bought"}
_ROUNDS = 6


@dataclass(frozen=True)
class Attempt:
    """A cart's next attempt.

    Attributes:
        checkout: the cart.
        number: from 1.
        execution: the ARN of the execution that makes it.
        former: the cart's row as it was read; None for a first attempt.
    """

    checkout: Checkout
    number: int
    execution: str
    former: Row | None

    @property
    def order_id(self) -> str:
        """The attempt's order."""
        return order_id(self.checkout.cart_id, self.number)


class Carts(Protocol):
    """The carts, and what is written with them in one transaction."""

    def read(self, cart_id: str) -> Row | None:
        """The cart's row, if there is one."""
        ...

    def catalogue(self, items: list[str]) -> Rows:
        """The items' rows, as far as there are any."""
        ...

    def open(self, attempt: Attempt, prices: Prices) -> None:
        """Locks the cart, reserves the stock and writes the PENDING order, unless rows changed."""
        ...

    def record_failed(self, attempt: Attempt, columns: Mapping[str, Any]) -> None:
        """Writes the attempt as FAILED, so that a late `open` finds it, unless rows changed."""
        ...

    def record_refused(self, cart_id: str, execution: str) -> None:
        """Notes on a cart that an execution was refused because another has it."""
        ...


@dataclass(frozen=True)
class Attempts:
    """Making attempts, and finding them again."""

    carts: Carts
    orders: OrderRows

    def create(self, checkout: Checkout, execution: str) -> Row:
        """The new order's row; the same one however often an execution asks.

        Raises:
            InvalidOrder: another execution has the cart.
            PriceMismatch, OutOfStock: the catalogue or the stock refuses it.
            CheckoutClosed: this execution's attempt was failed before.
            TableContended: other writers were in the way for too long.
        """

        def open_(attempt: Attempt) -> None:
            items = [line.item_id for line in checkout.lines]
            found = catalogue.prices(checkout, self.carts.catalogue(items))
            self.carts.open(attempt, found)

        row = self._own(checkout, execution, open_)
        if row["State"] == FAILED:
            raise CheckoutClosed(f"order {row['OrderId']} was failed before it was created")
        return row

    def find_or_fail(self, checkout: Checkout, execution: str, columns: Mapping[str, Any]) -> Row:
        """The execution's order; when it was never created, it is written as FAILED.

        Args:
            checkout: the cart.
            execution: the ARN of the execution that was to create the order.
            columns: what a failed order's row says beside its State.

        Raises:
            InvalidOrder: another execution has the cart, so this one has no order.
            TableContended: other writers were in the way for too long.
        """
        return self._own(
            checkout, execution, lambda attempt: self.carts.record_failed(attempt, columns)
        )

    def refuse(self, cart_id: str, execution: str) -> None:
        """Records that an execution was refused because another has the cart."""
        self.carts.record_refused(cart_id, execution)

    def was_refused(self, cart_id: str, execution: str) -> bool:
        """Whether an execution was refused because another has the cart."""
        cart = self.carts.read(cart_id) or {}
        return execution in cart.get("Refused", ())

    def _own(self, checkout: Checkout, execution: str, make: Callable[[Attempt], None]) -> Row:
        """What was made is read again, so a lost race and a lost answer are the same case."""
        for _ in range(_ROUNDS):
            cart = self.carts.read(checkout.cart_id)
            found = None if cart is None else self._find(cart, execution)
            if found is not None:
                return found
            make(_next(checkout, execution, cart))
        raise TableContended(f"cart {checkout.cart_id} kept changing; try again later")

    def _find(self, cart: Row, execution: str) -> Row | None:
        """Looks at the latest attempt first, which it nearly always is.

        The cart names its execution; the order may name the function that cancelled it since.
        """
        if cart["ExecutionArn"] == execution:
            return self.orders.read(order_id(cart["CartId"], cart["Attempt"]))
        for number in range(cart["Attempt"] - 1, 0, -1):
            row = self.orders.read(order_id(cart["CartId"], number))
            if row is not None and row["ExecutionArn"] == execution:
                return row
        return None


def _next(checkout: Checkout, execution: str, cart: Row | None) -> Attempt:
    if cart is None:
        return Attempt(checkout, 1, execution, None)
    if cart["Status"] != FAILED:
        raise InvalidOrder(f"cart {checkout.cart_id} {_BUSY[cart['Status']]}")
    return Attempt(checkout, cart["Attempt"] + 1, execution, cart)
