"""What can be said of an order in its row when its machine did not get that far.

The machine's input may be anything. Each column is written only if the input has it in its form,
the one in which the machine takes it: what is too long for a key of an index would keep the row
from ever being closed.
"""

import re
from collections.abc import Mapping
from typing import Any

from handlers.domain.customers import LONGEST_ID
from handlers.domain.money import LARGEST
from handlers.domain.order_items import MAX_ITEMS, MAX_QUANTITY

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
_ITEM = ("itemId", "price", "quantity", "itemDescription")


def described(order: Any) -> Mapping[str, Any]:
    """The columns that describe an order, of those that the machine's input has in their form.

    Args:
        order: the machine's input, which may be anything.
    """
    known = order if isinstance(order, Mapping) else {}
    texts = {
        column: known[field]
        for column, (field, form) in _TEXTS.items()
        if isinstance(known.get(field), str) and form.fullmatch(known[field])
    }
    amount = {"OrderTotal": known["orderTotal"]} if _is_whole(known.get("orderTotal")) else {}
    items = known.get("items")
    if not isinstance(items, list) or len(items) > MAX_ITEMS or not all(map(_is_item, items)):
        return {**texts, **amount}
    lines = [{name: item.get(name) for name in _ITEM} for item in items]
    return {**texts, **amount, "Items": lines}


def _is_item(item: Any) -> bool:
    return (
        isinstance(item, Mapping)
        and _is_text(item.get("itemId"))
        and _is_whole(item.get("price"))
        and _is_whole(item.get("quantity"), MAX_QUANTITY)
        and (item.get("itemDescription") is None or _is_text(item["itemDescription"]))
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_whole(value: Any, most: int = LARGEST) -> bool:
    return type(value) is int and 0 < value <= most
