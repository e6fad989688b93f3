"""The order as it stands in CustomerOrders and CustomerPaymentSession.

Every expression reads the machine's variable `$order`: the order request in minor units.
"""

from typing import Any

from workflows.expressions import jsonata

_OPTIONAL = "$exists({0}) ? {{'S': {0}}} : {{'NULL': true}}"

_ITEMS = (
    "[$order.items.{'M': {'itemId': {'S': itemId}, 'price': {'N': $string(price)},"
    " 'quantity': {'N': $string(quantity)},"
    f" 'itemDescription': {_OPTIONAL.format('itemDescription')}}}}}]"
)
_PRODUCTS = (
    "[$order.items.{'M': {'id': {'S': itemId}, 'price': {'N': $string(price)},"
    " 'quantity': {'N': $string(quantity)},"
    f" 'name': {_OPTIONAL.format('itemDescription')}}}}}]"
)


def order_row(state: str, **outcome: Any) -> dict[str, Any]:
    """A CustomerOrders item in DynamoDB's typed JSON, not yet published.

    Args:
        state: the order's State, one of PROCESSED or FAILED.
        outcome: further attributes, typed: `Reason={"S": "OutOfStock"}`.
    """
    return {
        "OrderId": {"S": jsonata("$order.orderId")},
        "State": {"S": state},
        "CustomerId": {"S": jsonata("$order.customerId")},
        "Email": jsonata(_OPTIONAL.format("$order.email")),
        "Address": jsonata(_OPTIONAL.format("$order.address")),
        "OrderTotal": {"N": jsonata("$string($order.orderTotal)")},
        "Currency": {"S": jsonata("$order.currency")},
        "Items": {"L": jsonata(_ITEMS)},
        "ExecutionArn": {"S": jsonata("$states.context.Execution.Id")},
        "CreatedAt": {"S": jsonata("$order.requestedAt")},
        "UpdatedAt": {"S": jsonata("$now()")},
        "Unpublished": {"S": "yes"},
        **outcome,
    }


def payment_session() -> dict[str, Any]:
    """The CustomerPaymentSession item of a paid order: what fulfillment starts from."""
    return {
        "SessionId": {"S": jsonata("$order.orderId")},
        "CustomerId": {"S": jsonata("$order.customerId")},
        "PaymentStatus": {"S": "Success"},
        "Products": {"L": jsonata(_PRODUCTS)},
        "Currency": {"S": jsonata("$order.currency")},
        "AuthorizationId": {"S": jsonata("$authorizationId")},
        "ChargeId": {"S": jsonata("$chargeId")},
        "CreatedAt": {"S": jsonata("$now()")},
    }
