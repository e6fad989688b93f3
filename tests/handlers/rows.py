"""Rows of orders and reviews as they stand in the tables, personal data and all."""

from typing import Any

ORDER_ID = "11111111-2222-4333-8444-555555555555"
EXECUTION = f"arn:aws:states:us-east-1:123456789012:execution:orders:{ORDER_ID}"
AT = "2026-01-01T00:00:00.000Z"
CLOSED = {"ClosedAt": AT, "ClosedBy": EXECUTION}
HANDED_OVER = {"HandedOverAt": AT}
PERSONAL = ("ada@", "Baker", "Lovelace", "tok_visa", "4242", "engraved")
"""Parts of a row that no event may hold."""

_ORDER: dict[str, Any] = {
    "OrderId": ORDER_ID,
    "CustomerId": "c-1",
    "Email": "ada@example.com",
    "Address": "Ada Lovelace, 221B Baker Street",
    "OrderTotal": 1500,
    "Currency": "USD",
    "Items": [{"itemId": "lamp", "price": 1500, "quantity": 1, "itemDescription": "engraved"}],
    "Payment": {"token": "tok_visa", "cardType": "VISA", "last4": "4242"},
    "ExecutionArn": EXECUTION,
    "CreatedAt": AT,
    "UpdatedAt": AT,
}


def order(state: str, **columns: Any) -> dict[str, Any]:
    """An order's row; None removes a column."""
    row = {**_ORDER, "State": state, **columns}
    return {name: value for name, value in row.items() if value is not None}


def review(**columns: Any) -> dict[str, Any]:
    """An open review of an execution that failed; None removes a column."""
    row = {
        "OrderId": ORDER_ID,
        "ReviewId": f"Recovery {EXECUTION}",
        "Step": "Recovery",
        "ExecutionArn": EXECUTION,
        "Reason": "ProcessingError",
        "Cause": "the execution timed out",
        "ToDo": "find out why",
        "Done": "",
        "CustomerId": "c-1",
        "CreatedAt": AT,
        "OpenSince": AT,
        **columns,
    }
    return {name: value for name, value in row.items() if value is not None}
