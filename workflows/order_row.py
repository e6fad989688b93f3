"""The order as it stands in CustomerOrders, written by updates that keep what others wrote.

Every expression reads the machine's variable `$order`: the order request in minor units. What
describes an order is written where the row lacks it, each column only if the order has it in its
form: the row of an order that was refused for its form says as much of it as can be said.
"""

from collections.abc import Mapping
from typing import Any

from workflows.expressions import jsonata
from workflows.order_check import (
    CURRENCY,
    DATE_TIME,
    MAX_CUSTOMER_ID,
    MAX_TEXT,
    MAX_TIME,
    TEXT,
)

OPTIONAL = "$exists({1}) ? {{'{0}': {{'S': {1}}}}} : {{}}"
"""A text of the name `{0}` in typed JSON, nothing where its expression `{1}` yields nothing."""

_ITEMS = (
    "[$order.items.{'M': $merge([{'itemId': {'S': itemId}, 'price': {'N': $string(price)},"
    " 'quantity': {'N': $string(quantity)}},"
    f" {OPTIONAL.format('itemDescription', 'itemDescription')}])}}]"
)

DESCRIPTION: Mapping[str, Any] = {
    "CustomerId": {"S": jsonata("$order.customerId")},
    "OrderTotal": {"N": jsonata("$string($order.orderTotal)")},
    "Currency": {"S": jsonata("$order.currency")},
    "Items": {"L": jsonata(_ITEMS)},
    "CreatedAt": {"S": jsonata("$order.requestedAt")},
}
"""The columns that describe an order which has the right form, besides `CONTACT`."""

CONTACT: Mapping[str, str] = {"Email": "$order.email", "Address": "$order.address"}
"""By column, the expression of a text that an order may lack."""

UNDECIDED = "#State = :pending AND attribute_not_exists(#CartId)"
"""The condition of an order of this machine's that is still undecided; a cart's is checkout's."""

KNOWN = (
    f"($o := $type($order) = 'object' ? $order : {{}}; {TEXT}"
    " $column := function($name, $value, $most) {"
    " $text($value, $most) ? {$name: {'S': $value}} : {} };"
    " $formed := function($value, $most, $form) {"
    " $text($value, $most) ? $contains($value, $form) : false };"
    f" $merge([$column('CustomerId', $o.customerId, {MAX_CUSTOMER_ID}),"
    f" $column('Email', $o.email, {MAX_TEXT}), $column('Address', $o.address, {MAX_TEXT}),"
    f" $formed($o.currency, 3, {CURRENCY}) ? {{'Currency': {{'S': $o.currency}}}} : {{}},"
    f" {{'CreatedAt': {{'S': $formed($o.requestedAt, {MAX_TIME}, {DATE_TIME})"
    " ? $o.requestedAt : $now()}},"
    " $valid ? {'OrderTotal': {'N': $string($o.orderTotal)}, 'Items': {'L': "
    f"{_ITEMS}"
    "}} : {}]))"
)
"""The columns that describe an order which may have any form, typed: what it says rightly.

What is too long for a key of an index would keep the row from ever being closed. `$valid` says
whether the order has the right form as a whole.
"""


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


def decided(state: str, **columns: Any) -> dict[str, Any]:
    """The columns that a decision writes, typed: the State, by which execution, and when.

    Args:
        state: PROCESSED, FAILED or CANCELLED.
        columns: what else it says, typed: `Reason={"S": "OutOfStock"}`.
    """
    return {
        "State": {"S": state},
        "ExecutionArn": {"S": jsonata("$states.context.Execution.Id")},
        "UpdatedAt": {"S": jsonata("$now()")},
        **columns,
    }


def update(
    table: str,
    columns: Mapping[str, Any],
    *,
    condition: str,
    once: Mapping[str, Any] | None = None,
    remove: str = "",
    **values: Any,
) -> dict[str, Any]:
    """The request of an UpdateItem of `$order`'s row.

    Args:
        table: the name of CustomerOrders.
        columns: what is set, typed.
        condition: its columns written `#Name`.
        once: what is set where the row lacks it, typed.
        remove: columns to remove, `#Name` each, by commas.
        values: what the condition compares with, typed: `pending={"S": "PENDING"}` for `:pending`.
    """
    further = once or {}
    sets = [f"#{name} = :{name}" for name in columns]
    sets += [f"#{name} = if_not_exists(#{name}, :{name})" for name in further]
    written = {**columns, **further}
    return {
        "TableName": table,
        "Key": {"OrderId": {"S": jsonata("$order.orderId")}},
        "UpdateExpression": f"SET {', '.join(sets)}" + (f" REMOVE {remove}" if remove else ""),
        "ConditionExpression": condition,
        "ExpressionAttributeNames": _names(written, condition, remove),
        "ExpressionAttributeValues": {
            **{f":{name}": value for name, value in written.items()},
            **{f":{name}": value for name, value in values.items()},
        },
    }


def _names(columns: Mapping[str, Any], *expressions: str) -> dict[str, str]:
    """Every `#Name` of an update, so that no column clashes with a reserved word."""
    words = " ".join(expressions).replace("(", " ").replace(")", " ").replace(",", " ").split()
    named = [word[1:] for word in words if word.startswith("#")]
    return {f"#{name}": name for name in dict.fromkeys([*columns, *named])}
