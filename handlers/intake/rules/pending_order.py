"""An accepted order that waits for its state machine, and what is made from its row."""

from collections.abc import Mapping
from typing import Any

from handlers.orders.rules.ports import Row

STATUSES = {
    "OrderStatus": "Pending",
    "PaymentStatus": "Pending",
    "ShippingStatus": "Pending",
}
"""The statuses of an order that waits."""


def is_startable(row: Row) -> bool:
    """Whether a row has all that order processing needs; a checkout's has no payment."""
    return "Payment" in row and "CartId" not in row


def order_of(row: Row) -> dict[str, Any]:
    """The state machine's input, from the row of an order for which `is_startable` holds."""
    contact = {"email": row.get("Email"), "address": row.get("Address")}
    return {
        "orderId": row["OrderId"],
        "customerId": row["CustomerId"],
        **_given(contact),
        "currency": row["Currency"],
        "orderTotal": row["OrderTotal"],
        "items": [_given(item) for item in row["Items"]],
        "payment": dict(row["Payment"]),
        "requestedAt": row["CreatedAt"],
    }


def message_of(row: Row) -> dict[str, Any]:
    """The PurchaseQueue's message about an order: amounts in minor units, no personal data."""
    lines = ("itemId", "price", "quantity")
    return {
        "orderId": row["OrderId"],
        "customerId": row["CustomerId"],
        "itemList": [{name: item[name] for name in lines} for item in row["Items"]],
        "paymentStatus": row["PaymentStatus"],
        "orderTotal": row["OrderTotal"],
        "currency": row["Currency"],
    }


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
