"""What an order's row says of it, from the input of its machine, which anyone may have written.

A column is written only if the input has it in its form; the rest of the order is as good without
it. The forms are those that the machine's first step asks for, in
`workflows/order_processing/order_check.py`: what passes them fits into the row and its indexes.
"""

import re
from collections.abc import Mapping
from typing import Any

from handlers.orders.rules.customers import LONGEST_ID
from handlers.orders.rules.items import MAX_ITEMS, MAX_QUANTITY
from handlers.shared.rules.json_text import exact
from handlers.shared.rules.money import LARGEST

_LONGEST_TEXT = 1000


def _up_to(characters: int) -> re.Pattern[str]:
    return re.compile(rf"[\s\S]{{1,{characters}}}")


_TEXTS = {
    "CustomerId": ("customerId", _up_to(LONGEST_ID)),
    "Email": ("email", _up_to(_LONGEST_TEXT)),
    "Address": ("address", _up_to(_LONGEST_TEXT)),
    "Currency": ("currency", re.compile("[A-Z]{3}")),
    "CreatedAt": ("requestedAt", re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]{1,53}")),
}
"""Each column's field, and its form."""

_ITEM = ("itemId", "price", "quantity", "itemDescription")


def described(order: Any) -> Mapping[str, Any]:
    """The columns that describe an order, of those that the machine's input has in their form.

    Args:
        order: the machine's input, which may be anything.
    """
    known = exact(order) if isinstance(order, dict) else {}
    texts = {
        column: known[name]
        for column, (name, form) in _TEXTS.items()
        if _is_text(known.get(name), form)
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
    return {"Items": [_given(item) for item in items]}


def _given(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: item[name] for name in _ITEM if item.get(name) is not None}


def _is_item(item: Any) -> bool:
    return (
        isinstance(item, Mapping)
        and _is_text(item.get("itemId"), _up_to(LONGEST_ID))
        and _is_number(item.get("price"))
        and _is_number(item.get("quantity"), MAX_QUANTITY)
        and (
            item.get("itemDescription") is None
            or _is_text(item["itemDescription"], _up_to(_LONGEST_TEXT))
        )
    )


def _is_text(value: Any, form: re.Pattern[str]) -> bool:
    """Whether it is text that can be sent: JSON may name halves of characters, which cannot."""
    if not isinstance(value, str) or not form.fullmatch(value):
        return False
    return value.encode(errors="ignore").decode() == value


def _is_number(value: Any, most: int = LARGEST) -> bool:
    return type(value) is int and 1 <= value <= most
