"""The lines of an order request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.domain.errors import BadInput
from handlers.domain.money import BadAmount, minor_units
from handlers.domain.reader import Reader

MAX_ITEMS = 99  # one DynamoDB transaction reserves them all, beside the reservation's own row
MAX_QUANTITY = 9999

_ITEM = ("itemId", "price", "itemDescription", "quantity")


@dataclass(frozen=True)
class Item:
    """One line of an order; `price` is of one piece, in minor units."""

    item_id: str
    price: int
    quantity: int
    description: str | None


def parse_items(order: Reader, currency: str) -> tuple[Item, ...]:
    """The order's lines, each item once.

    Raises:
        BadInput: naming the line's field and what is wrong with it.
    """
    lines = order.nested("orderContents", ("items",)).required("items")
    return parse_lines(
        lines, "orderContents.items", lambda line: parse_amount(line, "price", currency)
    )


def parse_lines(lines: Any, path: str, price: Callable[[Reader], int]) -> tuple[Item, ...]:
    """An order's lines, each item once.

    Args:
        lines: the list of them.
        path: where it stands in the document, for complaints.
        price: reads a line's price, in minor units.

    Raises:
        BadInput: naming the line's field and what is wrong with it.
    """
    if not isinstance(lines, list) or not 1 <= len(lines) <= MAX_ITEMS:
        raise BadInput(path, f"must be a list of 1 to {MAX_ITEMS} items")
    items: dict[str, Item] = {}
    for place, line in enumerate(lines):
        reader = Reader.of(line, f"{path}[{place}]", _ITEM)
        item = _item(reader, price(reader))
        if item.item_id in items:
            raise BadInput(reader.at("itemId"), "must not be ordered twice; add up the quantities")
        items[item.item_id] = item
    return tuple(items.values())


def _item(line: Reader, price: int) -> Item:
    return Item(
        item_id=line.safe_text("itemId", 128),
        price=price,
        quantity=_quantity(line),
        description=line.optional_text("itemDescription", 256),
    )


def _quantity(line: Reader) -> int:
    quantity = line.fields.get("quantity")
    if quantity is None:
        return 1
    if type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY:
        raise BadInput(line.at("quantity"), f"must be an integer from 1 to {MAX_QUANTITY}")
    return quantity


def parse_amount(reader: Reader, name: str, currency: str) -> int:
    """A field's amount in minor units, more than zero.

    Raises:
        BadInput: naming the field and what is wrong with it.
    """
    try:
        units = minor_units(reader.required(name), currency)
    except BadAmount as error:
        raise BadInput(reader.at(name), str(error)) from None
    if units == 0:
        raise BadInput(reader.at(name), "must be more than zero")
    return units
