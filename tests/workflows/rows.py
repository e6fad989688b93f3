"""Rows as they stand when a machine writes, and the variables that its writes read."""

from collections.abc import Mapping
from typing import Any

from handlers.shared.adapters.dynamodb import plain, typed
from tests.workflows.machines import EXECUTION
from tests.workflows.orders import order

ANOTHER = f"{EXECUTION}-2"
KEYS = {
    "CustomerOrders": ("OrderId",),
    "CustomerPaymentSession": ("SessionId",),
    "Inventory": ("ProductId",),
    "Reservations": ("OrderId",),
    "ManualReview": ("OrderId", "ReviewId"),
    "Carts": ("CartId",),
}
_PENDING = {
    "OrderId": "o-1",
    "State": "PENDING",
    "CustomerId": "c-1",
    "Waiting": "yes",
    "CreatedAt": "2026-01-01T00:00:00.000Z",
    "UpdatedAt": "2026-01-01T00:00:00.000Z",
}
_PAID = {name: value for name, value in _PENDING.items() if name != "Waiting"}
_FAILED = {**_PENDING, "State": "FAILED", "Reason": "OutOfStock", "ExecutionArn": ANOTHER}
_CLOSED = {"ClosedAt": "2026-01-01T00:00:01.000Z", "ClosedBy": ANOTHER}
ORDERS: Mapping[str, Mapping[str, Any] | None] = {
    "absent": None,
    "pending": _PENDING,
    "cancel requested": {**_PENDING, "CancelRequested": True},
    "of a cart": {**_PENDING, "CartId": "cart-1"},
    "processed": {**_PAID, "State": "PROCESSED", "ExecutionArn": EXECUTION, "ChargeId": "ch"},
    "fulfilled": {**_PAID, "State": "FULFILLED", "ArrivalDate": "2026-01-02"},
    "failed": _FAILED,
    "handed over": {**_FAILED, "HandedOverAt": "2026-01-01T00:00:01.000Z"},
    "closed": {**_FAILED, **_CLOSED},
    "not paid": {**_FAILED, **_CLOSED, "Reason": "PaymentNotReceived"},
    "cancelled": {**_FAILED, "State": "CANCELLED", "ExecutionArn": "cancel_order"},
    "cancelled, closed": {**_FAILED, **_CLOSED, "State": "CANCELLED"},
    "refunded": {**_PAID, "State": "REFUNDED"},
}
"""An order's row, by how far the order has come."""

SESSIONS: Mapping[str, Mapping[str, Any] | None] = {
    "absent": None,
    "paid": {"SessionId": "o-1", "PaymentStatus": "Success", "CustomerId": "c-1"},
    "claimed": {
        "SessionId": "o-1",
        "PaymentStatus": "Success",
        "ClaimedAt": "2026-01-01T00:00:02.000Z",
        "FulfillmentExecution": ANOTHER,
    },
    "nearly paid": {"SessionId": "o-1", "PaymentStatus": "success"},
    "unpaid": {"SessionId": "o-1"},
    "refunded": {"SessionId": "o-1", "PaymentStatus": "Refunded"},
}
RESERVATIONS: Mapping[str, Mapping[str, Any] | None] = {
    "absent": None,
    **{
        status.lower(): {"OrderId": "o-1", "Status": status, "ExecutionArn": EXECUTION}
        for status in ("RESERVED", "COMMITTED", "RELEASED")
    },
}
CARTS: Mapping[str, Mapping[str, Any] | None] = {
    "absent": None,
    **{
        status.lower(): {"CartId": "cart-1", "OrderId": "o-1", "Status": status}
        for status in ("OPEN", "CONFIRMED", "FAILED")
    },
    "another's": {"CartId": "cart-1", "OrderId": "o-2", "Status": "OPEN"},
}


def variables(**more: Any) -> dict[str, Any]:
    """The variables of a machine at any of its writes."""
    group = {
        "fulfillmentCenterId": "fc-1",
        "arrivalDate": "2026-01-02",
        "labelKey": "labels/x.zpl",
        "products": [{"id": "item-0", "name": "a thing", "price": 500, "quantity": 1}],
    }
    return {
        "order": {**order(), "cartId": "cart-1"},
        "valid": True,
        "refusal": {"step": "S", "reason": "OutOfStock", "cause": "none left", "review": False},
        "failure": {"step": "S", "reason": "R", "cause": "C", "done": "D", "toDo": "T"},
        "voided": "VOIDED",
        "authorizationId": "auth",
        "chargeId": "ch",
        "session": {"Email": {"S": "a@example.com"}},
        "shipments": [group],
        "arrivalDate": "2026-01-02",
        **more,
    }


def put(client: Any, table: str, row: Mapping[str, Any] | None) -> None:
    """Puts a row, if there is one."""
    if row is not None:
        client.put_item(TableName=table, Item=typed(dict(row)))


def read(client: Any, table: str, *key: str) -> dict[str, Any]:
    """A row, consistently; empty where there is none."""
    wanted = typed(dict(zip(KEYS[table], key, strict=True)))
    found = client.get_item(TableName=table, Key=wanted, ConsistentRead=True)
    return dict(plain(found.get("Item", {})))


def everything(client: Any) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    tables = {table: client.scan(TableName=table)["Items"] for table in KEYS}
    return {table: sorted((plain(row) for row in rows), key=str) for table, rows in tables.items()}
