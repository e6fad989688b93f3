"""The CustomerOrders table, as the functions beside the state machine use it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.adapters.dynamodb import Row, query, read, typed, update
from handlers.domain import cancel_requests
from handlers.domain.clock import Clock, timestamp, utc_now
from handlers.domain.errors import TableContended
from handlers.domain.outcomes import CANCELLED, FAILED, states_told_as
from handlers.domain.statuses import REFUSED

# Attribute by field of the machine's input.
_COLUMNS = {
    "CustomerId": "customerId",
    "CartId": "cartId",
    "OrderTotal": "orderTotal",
    "Currency": "currency",
    "CreatedAt": "requestedAt",
}
_PENDING = {":pending": "PENDING"}
_REFUSED = {":failed": FAILED, ":cancelled": CANCELLED}
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

    def refuse(self, order: Mapping[str, Any], execution: str, reason: str, cause: str) -> Row:
        """Makes an order FAILED unless it is decided already.

        The row names the execution as RecoveredFrom, not as ExecutionArn: to the state machine
        that is the mark of its own record, which it may write again.

        Args:
            order: the machine's input, of which only `orderId` must be there.
            execution: the ARN of the execution that ended.
            reason: the order's Reason.
            cause: a sentence without personal data.

        Returns:
            The row as it stands: this refusal, or the decision that came before it.
        """
        refusal = {"Reason": reason, "Cause": cause, "RecoveredFrom": execution}
        return self.fail({"items": (), **order}, {**REFUSED, **refusal})

    def cancel(self, order: Mapping[str, Any], execution: str) -> Row:
        """Makes an order CANCELLED, as its customer asked, unless it is decided already.

        The row keeps waiting until `settle` notes that nothing is left to undo.

        Args:
            order: the machine's input, of which only `orderId` must be there.
            execution: the ARN of the execution that ended.

        Returns:
            The row as it stands: this cancellation, or the decision that came before it.
        """
        why = {
            "Reason": cancel_requests.REASON,
            "Cause": cancel_requests.CAUSE,
            "RecoveredFrom": execution,
        }
        cancelled = {**REFUSED, **why, "State": CANCELLED, "Waiting": "yes"}
        return self._decide({"items": (), **order}, cancelled)

    def fail(self, order: Mapping[str, Any], columns: Mapping[str, Any]) -> Row:
        """Makes an order FAILED unless it is decided already; the row keeps what it had.

        Args:
            order: what is written of the order where the row lacks it; `orderId` must be there.
            columns: what the row says beside its State.

        Returns:
            The row as it stands: this failure, or the decision that came before it.
        """
        return self._decide(order, columns, " REMOVE #Waiting")

    def _decide(self, order: Mapping[str, Any], columns: Mapping[str, Any], more: str = "") -> Row:
        now = timestamp(self.clock())
        decided = failure(columns, now)
        first = {"CreatedAt": now, **snapshot(order)}
        written = update(
            self.client,
            self.table,
            {"OrderId": order["orderId"]},
            _assignments(decided, first) + more,
            {f":{name}": value for name, value in {**decided, **first}.items()} | _PENDING,
            "attribute_not_exists(#OrderId) OR #State = :pending",
        )
        return written or self._standing(order["orderId"])

    def settle(self, order_id: str, payment_status: str | None, compensated: bool) -> Row:
        """Notes on a FAILED or CANCELLED order how its compensation went.

        Args:
            order_id: the order.
            payment_status: what became of the payment; None while that is not known.
            compensated: whether nothing is left to undo.

        Returns:
            The row as it stands.
        """
        noted: dict[str, Any] = {"Compensated": compensated, "UpdatedAt": timestamp(self.clock())}
        if payment_status:
            noted["PaymentStatus"] = payment_status
        written = update(
            self.client,
            self.table,
            {"OrderId": order_id},
            _assignments(noted, {}) + (" REMOVE #Waiting" if compensated else ""),
            {f":{name}": value for name, value in noted.items()} | _REFUSED,
            "#State IN (:failed, :cancelled)",
        )
        return written or self._standing(order_id)

    def mark_published(self, order_id: str, detail_type: str, at: str | None = None) -> bool:
        """Notes that an order's outcome was told; False when the order has no such outcome.

        Args:
            order_id: the order.
            detail_type: the type of the event that told it.
            at: when, in ISO 8601; now when not given. The first time is kept.
        """
        states = {f":{state}": state for state in states_told_as(detail_type)}
        if not states:
            return False
        row = update(
            self.client,
            self.table,
            {"OrderId": order_id},
            "SET #PublishedAt = if_not_exists(#PublishedAt, :at) REMOVE #Unpublished",
            {":at": at or timestamp(self.clock()), **states},
            f"#State IN ({', '.join(states)})",
        )
        return row is not None

    def unpublished(self, before: str) -> Iterator[Row]:
        """The orders that were decided before a time and whose outcome was not seen on the bus."""
        return query(
            self.client,
            TableName=self.table,
            IndexName="UnpublishedOutcomes",
            KeyConditionExpression="Unpublished = :yes AND UpdatedAt < :before",
            ExpressionAttributeValues=typed({":yes": "yes", ":before": before}),
        )

    def _standing(self, order_id: str) -> Row:
        row = self.read(order_id)
        if row is None:
            raise TableContended(f"order {order_id} was removed while it was read; try again")
        return row


def _assignments(always: Mapping[str, Any], once: Mapping[str, Any]) -> str:
    """An update that sets some attributes, and others only where there are none."""
    sets = [f"#{name} = :{name}" for name in always]
    sets += [f"#{name} = if_not_exists(#{name}, :{name})" for name in once]
    return f"SET {', '.join(sets)}"


def failure(columns: Mapping[str, Any], now: str) -> Row:
    """What the row of an order says that was failed now and of which nothing is undone yet."""
    return {
        "State": FAILED,
        "Compensated": False,
        "UpdatedAt": now,
        "Unpublished": "yes",
        **columns,
    }


def snapshot(order: Mapping[str, Any]) -> Row:
    """What a row keeps of the machine's order; email and address are NULL when not given."""
    found = {name: order[field] for name, field in _COLUMNS.items() if field in order}
    if "items" not in order:
        return found
    contact = {"Email": order.get("email"), "Address": order.get("address")}
    items = [{name: item.get(name) for name in _ITEM} for item in order["items"]]
    return {**found, **contact, "Items": items}
