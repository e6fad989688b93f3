"""The CustomerOrders row of a fulfilled order.

The expressions read the machine's variables `$order`, `$shipments`, `$arrivalDate` and
`$session`, the session in DynamoDB's typed JSON. Another system's session may come without an
order's row; then the row says of the order what the session says. A price with a fraction comes
as text.
"""

from typing import Any

from workflows.shared.expressions import jsonata

_ITEMS = (
    "[$shipments.products.{'M': {'itemId': {'S': id}, 'quantity': {'N': $string(quantity)},"
    " 'price': $type(price) in ['number', 'string'] ? {'N': $string(price)} : {'NULL': true},"
    " 'itemDescription': $type(name) = 'string' ? {'S': name} : {'NULL': true}}}]"
)
_SHIPMENTS = (
    "[$shipments.{'M': {'fulfillmentCenterId': {'S': fulfillmentCenterId},"
    " 'arrivalDate': {'S': arrivalDate}, 'labelKey': {'S': labelKey},"
    " 'products': {'L': [products.{'M': $merge(["
    "{'id': {'S': id}, 'quantity': {'N': $string(quantity)}},"
    " $type(name) = 'string' ? {'name': {'S': name}} : {}])}]}}}]"
)
"""Prices stand in Items only: one request holds both, and a state passes on 256 KiB at most."""

_TOTAL = "$type($order.orderTotal) = 'number' ? {'N': $string($order.orderTotal)} : {'NULL': true}"
_GIVEN = "$exists($session.{0}.S) ? {{'S': $session.{0}.S}} : {{'NULL': true}}"

_FULFILLED = {
    "State": {"S": "FULFILLED"},
    "OrderStatus": {"S": "Confirmed"},
    "PaymentStatus": {"S": "Successful"},
    "ShippingStatus": {"S": "Successful"},
    "Shipments": {"L": jsonata(_SHIPMENTS)},
    "ArrivalDate": {"S": jsonata("$arrivalDate")},
    "UpdatedAt": {"S": jsonata("$now()")},
}
_UNLESS_KNOWN = {
    "CustomerId": {"S": jsonata("$order.customerId")},
    "Items": {"L": jsonata(_ITEMS)},
    "OrderTotal": jsonata(_TOTAL),
    "Currency": {"S": jsonata("$order.currency")},
    "Email": jsonata(_GIVEN.format("Email")),
    "Address": jsonata(_GIVEN.format("Address")),
    "ExecutionArn": {"S": jsonata("$states.context.Execution.Id")},
    "CreatedAt": {"S": jsonata("$now()")},
}
_OF_A_REFUSAL = ("Reason", "Cause", "ClosedAt", "ClosedBy")
"""A session that was not paid when it was first looked at left a row with these."""


def fulfilled_order(orders: str) -> dict[str, Any]:
    """The request that makes an order's row FULFILLED, or writes the row.

    It is refused for an order that is fulfilled, by this execution or another, or is not paid.
    """
    columns = {**_FULFILLED, **_UNLESS_KNOWN}
    return {
        "TableName": orders,
        "Key": {"OrderId": {"S": jsonata("$order.orderId")}},
        "UpdateExpression": (f"SET {', '.join(_assignments())} REMOVE {', '.join(_REMOVED)}"),
        "ConditionExpression": (
            "attribute_not_exists(OrderId) OR #State = :processed"
            " OR (#State = :failed AND #Reason = :not_received)"
        ),
        "ExpressionAttributeNames": {f"#{name}": name for name in (*columns, *_OF_A_REFUSAL)},
        "ExpressionAttributeValues": {
            **{f":{name}": value for name, value in columns.items()},
            ":processed": {"S": "PROCESSED"},
            ":failed": {"S": "FAILED"},
            ":not_received": {"S": "PaymentNotReceived"},
        },
    }


_REMOVED = [f"#{name}" for name in _OF_A_REFUSAL]


def _assignments() -> list[str]:
    sets = [f"#{name} = :{name}" for name in _FULFILLED]
    return sets + [f"#{name} = if_not_exists(#{name}, :{name})" for name in _UNLESS_KNOWN]
