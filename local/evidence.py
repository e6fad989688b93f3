"""What one order left behind: in the tables, in a queue, in a bucket."""

import json
from typing import Any

from local.queues import take
from local.rows import plain
from local.stack import Stack
from local.tables import row, rows


def order_row(stack: Stack, order_id: str) -> dict[str, Any] | None:
    """The order's CustomerOrders row, or None."""
    return row(stack, "CustomerOrders", {"OrderId": order_id})


def stock(stack: Stack, items: list[str]) -> dict[str, dict[str, int]]:
    """On hand and reserved, by item."""
    found = rows(stack, "Inventory", [{"ProductId": item} for item in items])
    known = {
        row["ProductId"]: {"onHand": row.get("OnHand", 0), "reserved": row.get("Reserved", 0)}
        for row in found
    }
    return {item: known.get(item, {"onHand": 0, "reserved": 0}) for item in items}


def session_row(stack: Stack, order_id: str) -> dict[str, Any] | None:
    """The order's CustomerPaymentSession row, or None."""
    return row(stack, "CustomerPaymentSession", {"SessionId": order_id})


def reservation_row(stack: Stack, order_id: str) -> dict[str, Any] | None:
    """The order's Reservations row, or None."""
    return row(stack, "Reservations", {"OrderId": order_id})


def ledger_row(stack: Stack, order_id: str) -> dict[str, Any] | None:
    """The order's row in the gateway's ledger, or None."""
    return row(stack, "PaymentGateway", {"Id": order_id})


def payments(stack: Stack, order_id: str) -> list[dict[str, Any]]:
    """The gateway's ledger entries of the order, oldest first."""
    return entries(ledger_row(stack, order_id))


def entries(ledger: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The entries of a row of the gateway's ledger, oldest first."""
    account = ledger or {}
    wanted = ("operation", "amount", "currency", "idempotencyKey")
    return [{name: entry[name] for name in wanted} for entry in account.get("Entries", [])]


def emails(stack: Stack, order_id: str, after: int = 0) -> list[dict[str, Any]]:
    """The mails that name the order, oldest first, without so many that were sent before."""
    return [
        {name: mail[name] for name in ("to", "subject", "body", "id", "time")}
        for mail in stack.cloud.mails()[after:]
        if order_id in mail["subject"] or order_id in mail["body"]
    ]


def manual_review(stack: Stack, order_id: str) -> list[dict[str, Any]]:
    """What a human must look at."""
    return _rows_of(stack, "ManualReview", order_id)


def shipments(stack: Stack, order_id: str) -> list[dict[str, Any]]:
    """What was sent from which fulfillment centre."""
    return _rows_of(stack, "Shipments", order_id)


def requests_to_centers(stack: Stack, order_id: str) -> list[dict[str, Any]]:
    """The messages about the order that wait for fulfillment centres, which are taken away.

    By centre, because centres are served side by side; those to one centre as they were sent.
    """
    url = stack.outputs.get("queues", {}).get("fulfillmentRequests")
    if url is None:
        return []
    found = map(json.loads, take(stack.cloud.client("sqs"), url))
    own = [message for message in found if message.get("orderId") == order_id]
    return sorted(own, key=lambda message: str(message.get("fulfillmentCenterId")))


def labels(stack: Stack, order_id: str) -> list[dict[str, str]]:
    """The shipping labels of the order, `{key, body}` each."""
    bucket = stack.outputs.get("buckets", {}).get("labels")
    if bucket is None:
        return []
    s3 = stack.cloud.client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=f"labels/{order_id}/"
    )
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
    return [
        {"key": key, "body": s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()}
        for key in keys
    ]


def _rows_of(stack: Stack, table: str, order_id: str) -> list[dict[str, Any]]:
    if table not in stack.outputs["tables"]:
        return []
    pages = (
        stack.cloud.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=stack.table(table),
            KeyConditionExpression="OrderId = :order",
            ExpressionAttributeValues={":order": {"S": order_id}},
        )
    )
    return [plain(item) for page in pages for item in page["Items"]]
