"""What a checkout writes as it goes well; each write also accepts its own earlier effect.

Every expression reads the machine's variable `$order`: the order as CreateOrder answered it.
"""

from typing import Any

from workflows.expressions import jsonata
from workflows.stock import commit_reservation

_KEY = {"OrderId": {"S": jsonata("$order.orderId")}}
_NOW = {"S": jsonata("$now()")}
_PRODUCTS = (
    "[$order.items.{'M': {'id': {'S': itemId}, 'name': {'S': itemId},"
    " 'quantity': {'N': $string(quantity)},"
    " 'price': $exists(price) ? {'N': $string(price)} : {'NULL': true}}}]"
)


def paid_order(orders: str) -> dict[str, Any]:
    """The request that notes on a waiting order that it was paid."""
    return {
        "TableName": orders,
        "Key": _KEY,
        "UpdateExpression": "SET PaymentStatus = :successful, UpdatedAt = :now",
        "ConditionExpression": "#State = :pending",
        "ExpressionAttributeNames": {"#State": "State"},
        "ExpressionAttributeValues": {
            ":successful": {"S": "Successful"},
            ":pending": {"S": "PENDING"},
            ":now": _NOW,
        },
    }


def confirmed(orders: str, sessions: str, reservations: str, carts: str) -> list[dict[str, Any]]:
    """The transaction that confirms an order: its row, payment record, stock and cart."""
    return [
        _order(orders),
        {"Put": {"TableName": sessions, "Item": _session()}},
        commit_reservation(reservations),
        _cart(carts),
    ]


def _order(orders: str) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": orders,
            "Key": _KEY,
            "UpdateExpression": (
                "SET #State = :processed, OrderStatus = :confirmed, UpdatedAt = :now,"
                " PaymentStatus = :successful, ShippingStatus = :successful,"
                " Unpublished = :yes REMOVE Waiting"
            ),
            "ConditionExpression": (
                "#State = :pending OR (#State = :processed AND ExecutionArn = :execution)"
            ),
            "ExpressionAttributeNames": {"#State": "State"},
            "ExpressionAttributeValues": {
                ":pending": {"S": "PENDING"},
                ":processed": {"S": "PROCESSED"},
                ":confirmed": {"S": "Confirmed"},
                ":successful": {"S": "Successful"},
                ":yes": {"S": "yes"},
                ":now": _NOW,
                ":execution": {"S": jsonata("$states.context.Execution.Id")},
            },
        }
    }


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
