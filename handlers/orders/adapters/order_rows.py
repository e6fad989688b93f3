"""The CustomerOrders table, as the functions beside the state machine use it.

Rows are created on condition, and changed by updates of one's own columns; who is refused reads
what stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.orders.rules import cancel_requests
from handlers.orders.rules.states import CANCELLED, FAILED, PENDING
from handlers.shared.adapters.dynamodb import Row, read, update
from handlers.shared.rules.clock import Clock, timestamp, utc_now
from handlers.shared.rules.errors import TableContended

# Attribute by field of an order.
_COLUMNS = {
    "CustomerId": "customerId",
    "CartId": "cartId",
    "OrderTotal": "orderTotal",
    "Currency": "currency",
    "CreatedAt": "requestedAt",
}
_UNDONE = {":failed": FAILED, ":cancelled": CANCELLED}
_OPEN = "#State IN (:failed, :cancelled) AND attribute_not_exists(#ClosedAt)"
_ITEM = ("itemId", "price", "quantity", "itemDescription")


@dataclass(frozen=True)
class Orders:
    """Orders by id.

    Attributes:
        client: a DynamoDB client.
        table: the name of the CustomerOrders table.
        clock: tells the time that rows carry.
    """

    client: Any
    table: str
    clock: Clock = utc_now

    def read(self, order_id: str) -> Row | None:
        """The order's row, if there is one."""
        return read(self.client, self.table, OrderId=order_id)

    def fence(self, order_id: str, execution: str, columns: Mapping[str, Any]) -> Row:
        """Makes an order FAILED unless it is decided already, by its id alone.

        Args:
            order_id: the order.
            execution: by whom: the ARN of the execution that is finished.
            columns: what else the row says, Reason and Cause among it; without personal data.

        Returns:
            The row as it stands: this refusal, or the decision that came before it.
        """
        condition = "attribute_not_exists(#OrderId) OR #State = :pending"
        return self._decide(FAILED, order_id, execution, columns, condition, {})

    def fence_cancelled(self, order_id: str, execution: str) -> Row:
        """Makes a PENDING order CANCELLED whose customer asked for it.

        Returns:
            The row as it stands: this cancellation, or what kept it from being written.
        """
        why = {"Reason": cancel_requests.REASON, "Cause": cancel_requests.CAUSE}
        condition = "#State = :pending AND #CancelRequested = :yes"
        return self._decide(CANCELLED, order_id, execution, why, condition, {":yes": True})

    def close(
        self, order_id: str, execution: str, payment_status: str, known: Mapping[str, Any]
    ) -> None:
        """Notes on a refused or cancelled order that everything is undone; the first note stays.

        Args:
            order_id: the order.
            execution: by whom it is closed.
            payment_status: what became of its payment.
            known: columns that describe it, written where the row lacks them.
        """
        now = timestamp(self.clock())
        closed = {
            "ClosedAt": now,
            "ClosedBy": execution,
            "PaymentStatus": payment_status,
            "ShippingStatus": "Unsuccessful",
            "UpdatedAt": now,
        }
        self._note(order_id, closed, known, " REMOVE #Waiting")

    def hand_over(self, order_id: str, known: Mapping[str, Any]) -> None:
        """Notes on a refused or cancelled order that something cannot be undone; it stays open.

        Args:
            order_id: the order.
            known: columns that describe it, written where the row lacks them.
        """
        self._note(order_id, {}, {"HandedOverAt": timestamp(self.clock()), **known}, "")

    def _decide(
        self,
        state: str,
        order_id: str,
        execution: str,
        columns: Mapping[str, Any],
        condition: str,
        compared: Mapping[str, Any],
    ) -> Row:
        written = {
            **decided(state, execution, timestamp(self.clock())),
            "OrderStatus": "Failed",
            "Waiting": "yes",
            **columns,
        }
        row = update(
            self.client,
            self.table,
            {"OrderId": order_id},
            _assignments(written, {}),
            {f":{name}": value for name, value in written.items()}
            | {":pending": PENDING, **compared},
            condition,
        )
        return row or self._standing(order_id)

    def _note(
        self, order_id: str, noted: Mapping[str, Any], once: Mapping[str, Any], more: str
    ) -> None:
        columns = {**noted, **once}
        update(
            self.client,
            self.table,
            {"OrderId": order_id},
            _assignments(noted, once) + more,
            {f":{name}": value for name, value in columns.items()} | _UNDONE,
            _OPEN,
        )

    def _standing(self, order_id: str) -> Row:
        row = self.read(order_id)
        if row is None:
            raise TableContended(f"order {order_id} was removed while it was read; try again")
        return row


def decided(state: str, execution: str, now: str) -> Row:
    """What a row says of its decision: the State, by which execution, and when."""
    return {"State": state, "ExecutionArn": execution, "UpdatedAt": now}


def snapshot(order: Mapping[str, Any]) -> Row:
    """What a row keeps of the machine's order; email and address are NULL when not given."""
    found = {name: order[field] for name, field in _COLUMNS.items() if field in order}
    contact = {"Email": order.get("email"), "Address": order.get("address")}
    items = [{name: item.get(name) for name in _ITEM} for item in order["items"]]
    return {**found, **contact, "Items": items}


def _assignments(always: Mapping[str, Any], once: Mapping[str, Any]) -> str:
    """An update that sets some attributes, and others only where there are none."""
    sets = [f"#{name} = :{name}" for name in always]
    sets += [f"#{name} = if_not_exists(#{name}, :{name})" for name in once]
    return f"SET {', '.join(sets)}"
