"""Updates of an order's CustomerOrders row, which keep what others wrote."""

from collections.abc import Mapping
from typing import Any

from workflows.shared.expressions import jsonata


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
