"""The order as it stands in CustomerOrders.

Every expression reads the machine's variable `$order`: the order request in minor units.
"""

from typing import Any

from workflows.expressions import jsonata

OPTIONAL = "$exists({0}) ? {{'S': {0}}} : {{'NULL': true}}"
"""A text in typed JSON, NULL where there is none; `{0}` stands for its expression."""

_ITEMS = (
    "[$order.items.{'M': {'itemId': {'S': itemId}, 'price': {'N': $string(price)},"
    " 'quantity': {'N': $string(quantity)},"
    f" 'itemDescription': {OPTIONAL.format('itemDescription')}}}}}]"
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
        "Email": jsonata(OPTIONAL.format("$order.email")),
        "Address": jsonata(OPTIONAL.format("$order.address")),
        "OrderTotal": {"N": jsonata("$string($order.orderTotal)")},
        "Currency": {"S": jsonata("$order.currency")},
        "Items": {"L": jsonata(_ITEMS)},
        "ExecutionArn": {"S": jsonata("$states.context.Execution.Id")},
        "CreatedAt": {"S": jsonata("$order.requestedAt")},
        "UpdatedAt": {"S": jsonata("$now()")},
        "Unpublished": {"S": "yes"},
        **outcome,
    }


def statuses(order: str, payment: str, shipping: str) -> dict[str, Any]:
    """The statuses that stand on every order's row, typed.

    Args:
        order: Pending, Confirmed or Failed.
        payment: Pending, Successful, Unsuccessful or Refunded.
        shipping: Pending, Successful or Unsuccessful.
    """
    return {
        "OrderStatus": {"S": order},
        "PaymentStatus": {"S": payment},
        "ShippingStatus": {"S": shipping},
    }
