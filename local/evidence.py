"""What one order left behind in the tables."""

from typing import Any

from local.rows import plain, typed
from local.stack import Stack


def order_row(stack: Stack, order_id: str) -> dict[str, Any] | None:
    """The order's CustomerOrders row, or None."""
    return row(stack, "CustomerOrders", {"OrderId": order_id})


def stock(stack: Stack, items: list[str]) -> dict[str, dict[str, int]]:
    """On hand and reserved, by item."""
    rows = {item: row(stack, "Inventory", {"ProductId": item}) or {} for item in items}
    return {
        item: {"onHand": found.get("OnHand", 0), "reserved": found.get("Reserved", 0)}
        for item, found in rows.items()
    }


def payments(stack: Stack, order_id: str) -> list[dict[str, Any]]:
    """The gateway's ledger entries of the order, oldest first."""
    account = row(stack, "PaymentGateway", {"Id": order_id}) or {}
    wanted = ("operation", "amount", "currency", "idempotencyKey")
    return [{name: entry[name] for name in wanted} for entry in account.get("Entries", [])]


def emails(stack: Stack, order_id: str) -> list[dict[str, Any]]:
    """The mails that name the order, oldest first."""
    return [
        {name: mail[name] for name in ("to", "subject", "body")}
        for mail in stack.cloud.mails()
        if order_id in mail["subject"] or order_id in mail["body"]
    ]


def manual_review(stack: Stack, order_id: str) -> list[dict[str, Any]]:
    """What a human must look at."""
    query = {
        "TableName": stack.table("ManualReview"),
        "KeyConditionExpression": "OrderId = :order",
        "ExpressionAttributeValues": {":order": {"S": order_id}},
    }
    return [plain(item) for item in stack.cloud.client("dynamodb").query(**query)["Items"]]


def row(stack: Stack, table: str, key: dict[str, str]) -> dict[str, Any] | None:
    """The row of a table with this key, or None."""
    answer = stack.cloud.client("dynamodb").get_item(
        TableName=stack.table(table), Key=typed(key), ConsistentRead=True
    )
    return plain(answer["Item"]) if "Item" in answer else None
