"""What a checkout writes as it goes well, on condition that the order is still undecided.

Every expression reads the machine's variable `$order`: the order as CreateOrder answered it.
"""

from typing import Any

from workflows.shared.expressions import jsonata
from workflows.shared.order_row import decided, statuses, update
from workflows.shared.payment_session import CREATED_SESSION
from workflows.shared.reservations import commit_reservation

_NOW = {"S": jsonata("$now()")}
_PRODUCTS = (
    "[$order.items.{'M': $merge([{'id': {'S': itemId}, 'name': {'S': itemId},"
    " 'quantity': {'N': $string(quantity)}},"
    " $exists(price) ? {'price': {'N': $string(price)}} : {}])}]"
)


def paid_order(orders: str) -> dict[str, Any]:
    """The request that notes on a waiting order that it was paid."""
    return update(
        orders,
        {"PaymentStatus": {"S": "Successful"}, "UpdatedAt": _NOW},
        condition="#State = :pending",
        pending={"S": "PENDING"},
    )


def confirmed(orders: str, sessions: str, reservations: str, carts: str) -> list[dict[str, Any]]:
    """The transaction that confirms an order: its row, payment record, stock and cart."""
    return [
        {"Update": _order(orders)},
        {"Put": {"TableName": sessions, "Item": _session(), **CREATED_SESSION}},
        commit_reservation(reservations),
        _cart(carts),
    ]


def _order(orders: str) -> dict[str, Any]:
    return update(
        orders,
        decided("PROCESSED", **statuses("Confirmed", "Successful", "Successful")),
        condition="#State = :pending",
        remove="#Waiting",
        pending={"S": "PENDING"},
    )


def _session() -> dict[str, Any]:
    """The payment record of a checkout, whose prices only the outside payment service knows."""
    return {
        "SessionId": {"S": jsonata("$order.orderId")},
        "CustomerId": {"S": jsonata("$order.customerId")},
        "PaymentStatus": {"S": "Success"},
        "Products": {"L": jsonata(_PRODUCTS)},
        "Currency": {"S": jsonata("$order.currency")},
        "CreatedAt": _NOW,
    }


def _cart(carts: str) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": carts,
            "Key": {"CartId": {"S": jsonata("$order.cartId")}},
            "UpdateExpression": "SET #Status = :confirmed",
            "ConditionExpression": "OrderId = :order AND #Status IN (:open, :confirmed)",
            "ExpressionAttributeNames": {"#Status": "Status"},
            "ExpressionAttributeValues": {
                ":order": {"S": jsonata("$order.orderId")},
                ":open": {"S": "OPEN"},
                ":confirmed": {"S": "CONFIRMED"},
            },
        }
    }
