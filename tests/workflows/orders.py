"""Orders as the edge hands them to order processing."""

from typing import Any


def order(count: int = 1, **fields: Any) -> dict[str, Any]:
    """An order of so many items that has no problem in an execution named `o-1`."""
    items: list[dict[str, Any]] = [
        {"itemId": f"item-{number}", "price": 500, "quantity": number + 1}
        for number in range(count)
    ]
    return {
        "orderId": "o-1",
        "customerId": "c-1",
        "email": "a@example.com",
        "address": "1 George Street",
        "currency": "USD",
        "orderTotal": sum(item["price"] * item["quantity"] for item in items),
        "items": items,
        "payment": {"token": "tok_visa", "cardType": "VISA", "last4": "4242"},
        "requestedAt": "2026-01-01T00:00:00.000Z",
        **fields,
    }


def without(given: dict[str, Any], *names: str) -> dict[str, Any]:
    """An order that lacks some fields."""
    return {name: value for name, value in given.items() if name not in names}
