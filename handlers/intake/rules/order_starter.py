"""Starting the state machine for a message of PurchaseQueue.

The PENDING row is the truth about an order; the message only says which. Of an order without a
row, which another system sent, a row is made first: PENDING when the message is good and brings
a token, FAILED with InvalidOrder when it is bad.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from handlers.intake.rules.order_request import machine_input
from handlers.intake.rules.pending_order import is_startable, order_of
from handlers.intake.rules.purchase_message import PurchaseMessage
from handlers.orders.rules.ports import OrderRows, Row
from handlers.orders.rules.states import PENDING
from handlers.payments.rules.gateway import Vault, exchanged
from handlers.shared.rules.clock import Clock
from handlers.shared.rules.errors import BadInput, TableContended


class Started(StrEnum):
    """What became of a message."""

    STARTED = "STARTED"
    STARTED_BEFORE = "STARTED_BEFORE"
    DECIDED_BEFORE = "DECIDED_BEFORE"
    REJECTED = "REJECTED"


class PendingOrders(OrderRows, Protocol):
    """The CustomerOrders table."""

    def add(self, order: Mapping[str, Any]) -> Row | None:
        """Writes the machine's input as a new PENDING row; None when there is a row."""
        ...

    def reject(self, order_id: str, customer_id: str | None, cause: str) -> Row | None:
        """Writes a new row FAILED with InvalidOrder; None when there is a row."""
        ...


class Machine(Protocol):
    """The state machine."""

    def start(self, order: Mapping[str, Any]) -> bool:
        """Starts an order's execution; False when there is, or was, one."""
        ...


@dataclass(frozen=True)
class Starting:
    """What starting needs."""

    orders: PendingOrders
    machine: Machine
    vault: Vault
    clock: Clock

    def start(self, message: PurchaseMessage) -> Started:
        """Starts the execution of a message's order, unless it is started or decided.

        Raises:
            BadInput: there is neither such an order nor a payment to make it one.
            Exception: whatever a table, the gateway or the machine raised; the message may come
                again.
        """
        row = self.orders.read(message.order_id)
        if row is not None:
            return self._run(row)
        try:
            order = message.order()
        except BadInput as error:
            if not (message.offers_payment or message.has_card_number):
                raise
            return self._reject(message, str(error))
        payment = exchanged(order.means, self.vault)
        now = self.clock()
        return self._run(
            self.orders.add(machine_input(order, payment, message.order_id, now))
            or self._standing(message)
        )

    def _run(self, row: Row) -> Started:
        if row["State"] != PENDING:
            return Started.DECIDED_BEFORE
        if not is_startable(row):
            raise BadInput("orderId", "must be of an order that order processing can pay")
        started = self.machine.start(order_of(row))
        return Started.STARTED if started else Started.STARTED_BEFORE

    def _reject(self, message: PurchaseMessage, cause: str) -> Started:
        row = self.orders.reject(message.order_id, message.customer_id, cause)
        return self._run(self._standing(message)) if row is None else Started.REJECTED

    def _standing(self, message: PurchaseMessage) -> Row:
        row = self.orders.read(message.order_id)
        if row is None:
            raise TableContended(f"order {message.order_id} was removed while it was read")
        return row
