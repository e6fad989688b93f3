"""What one order left behind in the tables."""

from typing import Any

from local.rows import plain, typed
from local.stack import Stack


def order_row(stack: Stack, order_id: str) -> dict[str, Any] | None:
    """The order's CustomerOrders row, or None."""
    return _get(stack, "CustomerOrders", {"OrderId": order_id})


def stock(stack: Stack, items: list[str]) -> dict[str, dict[str, int]]:
    """On hand and reserved, by item."""
    rows = {item: _get(stack, "Inventory", {"ProductId": item}) or {} for item in items}
    return {
        item: {"onHand": row.get("OnHand", 0), "reserved": row.get("Reserved", 0)}
        for item, row in rows.items()
    }


def payments(stack: Stack, order_id: str) -> list[dict[str, Any]]:
    """The gateway's ledger entries of the order, oldest first."""
    row = _get(stack, "PaymentGateway", {"Id": order_id}) or {}
    wanted = ("operation", "amount", "currency", "idempotencyKey")
    return [{name: entry[name] for name in wanted} for entry in row.get("Entries", [])]


def manual_review(stack: Stack, order_id: str) -> list[dict[str, Any]]:
    """What a human must look at."""
    query = {
        "TableName": stack.table("ManualReview"),
        "KeyConditionExpression": "OrderId = :order",
        "ExpressionAttributeValues": {":order": {"S": order_id}},
    }
    return [plain(item) for item in stack.cloud.client("dynamodb").query(**query)["Items"]]


def _get(stack: Stack, table: str, key: dict[str, str]) -> dict[str, Any] | None:
    answer = stack.cloud.client("dynamodb").get_item(
        TableName=stack.table(table), Key=typed(key), ConsistentRead=True
    )
    return plain(answer["Item"]) if "Item" in answer else None
