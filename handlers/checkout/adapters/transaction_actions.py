"""The actions of a checkout's first transaction, each on condition of what was read before it."""

from collections.abc import Mapping
from typing import Any

from handlers.checkout.rules.attempts import FAILED, Attempt
from handlers.checkout.rules.checkout_request import CURRENCY, Line
from handlers.checkout.rules.prices import Prices, is_priced
from handlers.shared.adapters.dynamodb import Row, typed


def lock(table: str, cart: Row, former: Mapping[str, Any] | None) -> dict[str, Any]:
    """Takes a cart that has no row, or whose `former` attempt, the row as read, was the last.

    Of the row only the attempt changes: which executions were refused stays noted.
    """
    columns = {name: value for name, value in cart.items() if name != "CartId"}
    values = {f":{name}": value for name, value in columns.items()}
    condition = "attribute_not_exists(CartId)"
    if former is not None:
        condition = "#Status = :failed AND #Attempt = :former"
        values |= {":failed": FAILED, ":former": former["Attempt"]}
    return {
        "Update": {
            "TableName": table,
            "Key": typed({"CartId": cart["CartId"]}),
            "UpdateExpression": f"SET {', '.join(f'#{name} = :{name}' for name in columns)}",
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {f"#{name}": name for name in columns},
            "ExpressionAttributeValues": typed(values),
        }
    }


def reserve_line(table: str, line: Line, prices: Prices, attempt: Attempt) -> dict[str, Any]:
    """Reserves an item at the price that was read, if the total was judged by it."""
    condition = "OnHand >= :quantity"
    values: Row = {":quantity": line.quantity}
    if is_priced(attempt.checkout, prices):
        condition += " AND Price = :price AND Currency = :currency"
        values |= {":price": prices[line.item_id], ":currency": CURRENCY}
    return {
        "Update": {
            "TableName": table,
            "Key": typed({"ProductId": line.item_id}),
            "UpdateExpression": "SET OnHand = OnHand - :quantity, Reserved = Reserved + :quantity",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": typed(values),
        }
    }
