"""Reservations: the action that both machines take once an order is paid."""

from typing import Any

from workflows.shared.expressions import jsonata


def commit_reservation(reservations: str) -> dict[str, Any]:
    """The action that makes the reserved stock of `$order` the customer's; again is the same."""
    return {
        "Update": {
            "TableName": reservations,
            "Key": {"OrderId": {"S": jsonata("$order.orderId")}},
            "UpdateExpression": "SET #Status = :committed REMOVE Expiring, ExpiresAt",
            "ConditionExpression": "#Status IN (:reserved, :committed)",
            "ExpressionAttributeNames": {"#Status": "Status"},
            "ExpressionAttributeValues": {
                ":reserved": {"S": "RESERVED"},
                ":committed": {"S": "COMMITTED"},
            },
        }
    }
