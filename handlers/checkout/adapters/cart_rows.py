"""The Carts table, and the transactions that open a checkout or record one that never opened.

Either takes the cart's lock, so of the two only one happens to an attempt; what has happened is
read afterwards, whatever the transaction answered.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from handlers.checkout.adapters.transaction_actions import lock, reserve_line
from handlers.checkout.rules.attempts import FAILED, OPEN, Attempt
from handlers.checkout.rules.checkout_request import CURRENCY
from handlers.checkout.rules.prices import Prices
from handlers.orders.adapters.order_rows import decided, snapshot
from handlers.shared.adapters.dynamodb import (
    FAILED_CONDITION,
    Row,
    Sleep,
    cancellations,
    create,
    patiently,
    read,
    update,
)
from handlers.shared.rules.clock import Clock, timestamp, utc_now
from handlers.stock.adapters.catalogue import Catalogue

_MARGIN = timedelta(minutes=15)
_PENDING = {
    "State": "PENDING",
    "OrderStatus": "Pending",
    "PaymentStatus": "Pending",
    "ShippingStatus": "Pending",
}


@dataclass(frozen=True)
class CheckoutTables:
    """The names of the tables that a checkout's first transaction writes."""

    carts: str
    orders: str
    reservations: str
    inventory: str


@dataclass(frozen=True)
class Carts:
    """Carts by id.

    Attributes:
        client: a DynamoDB client.
        tables: the tables' names.
        patience: how long a checkout may take; its reservation outlives it.
        clock: tells the time that rows carry.
        sleep: waits a number of seconds before a contended write is tried again.
    """

    client: Any
    tables: CheckoutTables
    patience: timedelta
    clock: Clock = utc_now
    sleep: Sleep = time.sleep

    def read(self, cart_id: str) -> Row | None:
        """The cart's row, if there is one."""
        return read(self.client, self.tables.carts, CartId=cart_id)

    def catalogue(self, items: list[str]) -> dict[str, Row]:
        """The items' Inventory rows as they stand, as far as there are any."""
        return Catalogue(self.client, self.tables.inventory, self.sleep).rows(items)

    def open(self, attempt: Attempt, prices: Prices) -> None:
        """Locks the cart, reserves the stock and writes the PENDING order, unless rows changed."""
        lines = attempt.checkout.lines
        reserved = [{"itemId": line.item_id, "quantity": line.quantity} for line in lines]
        expires = int((self.clock() + self.patience + _MARGIN).timestamp())
        self._write(
            attempt,
            OPEN,
            {
                **_PENDING,
                **self._order(attempt, prices),
                "Waiting": "yes",
                "UpdatedAt": timestamp(self.clock()),
            },
            {"Status": "RESERVED", "Items": reserved, "Expiring": "yes", "ExpiresAt": expires},
            [reserve_line(self.tables.inventory, line, prices, attempt) for line in lines],
        )

    def record_failed(self, attempt: Attempt, columns: Mapping[str, Any]) -> None:
        """Writes the attempt as FAILED, so that a late `open` finds it, unless rows changed."""
        failed = {
            **decided("FAILED", attempt.execution, timestamp(self.clock())),
            "OrderStatus": "Failed",
            "Waiting": "yes",
            **columns,
        }
        self._write(
            attempt,
            FAILED,
            {**_PENDING, **self._order(attempt, {}), **failed},
            {"Status": "RELEASED"},
            [],
        )

    def record_refused(self, cart_id: str, execution: str) -> None:
        """Notes on a cart that an execution was refused because another has it."""
        update(
            self.client,
            self.tables.carts,
            {"CartId": cart_id},
            "ADD #Refused :executions",
            {":executions": {execution}},
            "attribute_exists(#CartId)",
        )

    def free(self, cart_id: str, order_id: str) -> None:
        """Frees the cart for a new attempt, if it is this order's."""
        update(
            self.client,
            self.tables.carts,
            {"CartId": cart_id},
            "SET #Status = :failed",
            {":failed": FAILED, ":open": OPEN, ":order": order_id},
            "#OrderId = :order AND #Status = :open",
        )

    def _order(self, attempt: Attempt, prices: Prices) -> Row:
        """The order's row without its state."""
        cart = attempt.checkout
        items = [
            {"itemId": line.item_id, "quantity": line.quantity, "price": prices.get(line.item_id)}
            for line in cart.lines
        ]
        order = {
            "customerId": cart.cart_id,
            "cartId": cart.cart_id,
            "email": cart.email,
            "address": cart.address,
            "orderTotal": cart.total,
            "currency": CURRENCY,
            "items": items,
            "requestedAt": timestamp(self.clock()),
        }
        return {**snapshot(order), "Attempt": attempt.number}

    def _write(
        self, attempt: Attempt, status: str, order: Row, reservation: Row, reserve: list[Any]
    ) -> None:
        own = {"OrderId": attempt.order_id, "ExecutionArn": attempt.execution}
        cart = {"CartId": attempt.checkout.cart_id, "Attempt": attempt.number, "Status": status}
        actions = [
            lock(self.tables.carts, {**cart, **own}, attempt.former),
            create(self.tables.orders, {**order, **own}),
            create(self.tables.reservations, {**reservation, **own, "CartId": cart["CartId"]}),
            *reserve,
        ]
        try:
            patiently(lambda: self.client.transact_write_items(TransactItems=actions), self.sleep)
        except ClientError as error:
            if FAILED_CONDITION not in cancellations(error):
                raise
