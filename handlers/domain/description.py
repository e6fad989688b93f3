"""What an order's row says of it, from the input of its machine, which anyone may have written.

A column is written only if the input has it in its form; the rest of the order is as good without
it. The forms are those that the machine's first step asks for (`workflows/order_check.py`): what
passes them fits into the row and its indexes.
"""

from collections.abc import Mapping
from typing import Any

from handlers.domain.order_items import MAX_ITEMS

_TEXTS = {
    "CustomerId": ("customerId", 128),
    "Email": ("email", 1000),
    "Address": ("address", 1000),
    "Currency": ("currency", 3),
    "CreatedAt": ("requestedAt", 64),
}
"""Each column's field, and how many characters it may have."""

_ITEM = ("itemId", "price", "quantity", "itemDescription")
_MAX_NUMBER = 999_999_999_999


def described(order: Any) -> Mapping[str, Any]:
    """The columns that describe an order, of those that the machine's input has in their form.

    Args:
        order: the machine's input, which may be anything.
    """
    known = order if isinstance(order, Mapping) else {}
    texts = {
        column: known[name]
        for column, (name, longest) in _TEXTS.items()
        if _is_text(known.get(name), longest)
    }
    total = known.get("orderTotal")
    return {
        **texts,
        **({"OrderTotal": total} if _is_number(total) else {}),
        **_items(known.get("items")),
    }


def _items(items: Any) -> Mapping[str, Any]:
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
        return {}
    if not all(map(_is_item, items)):
        return {}
    return {"Items": [{name: item.get(name) for name in _ITEM} for item in items]}


def _is_item(item: Any) -> bool:
    return (
        isinstance(item, Mapping)
        and _is_text(item.get("itemId"), 128)
        and _is_number(item.get("price"))
        and _is_number(item.get("quantity"))
        and (item.get("itemDescription") is None or _is_text(item["itemDescription"], 1000))
    )


def _is_text(value: Any, longest: int) -> bool:
    """Whether it is text that can be sent: JSON may name halves of characters, which cannot."""
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        return False
    return value.encode(errors="ignore").decode() == value


def _is_number(value: Any) -> bool:
    return type(value) is int and 1 <= value <= _MAX_NUMBER
