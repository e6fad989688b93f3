"""The record of a paid order, one transaction; each condition accepts its own earlier effect.

Every expression reads the machine's variables `$order`, `$authorizationId` and `$chargeId`.
"""

from typing import Any

from workflows.expressions import jsonata
from workflows.order_row import OPTIONAL, order_row, statuses
from workflows.stock import commit_reservation

_MINE = {":charge": {"S": jsonata("$chargeId")}}
_PRODUCTS = (
    "[$order.items.{'M': {'id': {'S': itemId}, 'price': {'N': $string(price)},"
    " 'quantity': {'N': $string(quantity)},"
    f" 'name': {OPTIONAL.format('itemDescription')}}}}}]"
)


def processed(orders: str, sessions: str, reservations: str) -> list[dict[str, Any]]:
    """The order's row, its payment record, and its stock, which is the customer's from now on."""
    return [_order(orders), _session(sessions), commit_reservation(reservations)]


def _order(orders: str) -> dict[str, Any]:
    return {
        "Put": {
            "TableName": orders,
            "Item": order_row(
                "PROCESSED",
                **statuses("Confirmed", "Successful", "Pending"),
                ChargeId={"S": jsonata("$chargeId")},
            ),
            "ConditionExpression": (
                "attribute_not_exists(OrderId)"
                " OR (#State = :pending AND attribute_not_exists(CancelRequested))"
                " OR (#State = :processed AND ChargeId = :charge)"
            ),
            "ExpressionAttributeNames": {"#State": "State"},
            "ExpressionAttributeValues": {
                ":pending": {"S": "PENDING"},
                ":processed": {"S": "PROCESSED"},
                **_MINE,
            },
        }
    }


def _session(sessions: str) -> dict[str, Any]:
    """The CustomerPaymentSession item of a paid order: what fulfillment starts from."""
    return {
        "Put": {
            "TableName": sessions,
            "Item": {
                "SessionId": {"S": jsonata("$order.orderId")},
                "CustomerId": {"S": jsonata("$order.customerId")},
                "PaymentStatus": {"S": "Success"},
                "Products": {"L": jsonata(_PRODUCTS)},
                "Currency": {"S": jsonata("$order.currency")},
                "AuthorizationId": {"S": jsonata("$authorizationId")},
                "ChargeId": {"S": jsonata("$chargeId")},
                "CreatedAt": {"S": jsonata("$now()")},
            },
            "ConditionExpression": "attribute_not_exists(SessionId) OR ChargeId = :charge",
            "ExpressionAttributeValues": _MINE,
        }
    }
