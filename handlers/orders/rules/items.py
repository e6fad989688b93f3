"""The lines of an order request."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.field_errors import FieldErrors
from handlers.shared.rules.json_object import Reader
from handlers.shared.rules.money import BadAmount, minor_units

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


def parse_items(order: Reader, currency: Callable[[], str]) -> tuple[Item, ...]:
    """The order's lines, each item once.

    Args:
        order: the order.
        currency: answers its currency, or raises BadInput where that is wrong itself.

    Raises:
        BadInput: naming each wrong field of a line and what is wrong with it.
    """
    contents, wrong = order.nested("orderContents"), FieldErrors()
    wrong.read(lambda: contents.require_known(("items",)))
    items = wrong.read(
        lambda: parse_lines(
            contents.required("items"),
            contents.at("items"),
            lambda line: parse_amount(line, "price", currency()),
        )
    )
    wrong.raise_any()
    return items()


def parse_lines(lines: Any, path: str, price: Callable[[Reader], int]) -> tuple[Item, ...]:
    """An order's lines, each item once.

    Args:
        lines: the list of them.
        path: where it stands in the document, for complaints.
        price: reads a line's price, in minor units.

    Raises:
        BadInput: naming each wrong field of a line and what is wrong with it.
    """
    if not isinstance(lines, list) or not 1 <= len(lines) <= MAX_ITEMS:
        raise BadInput(path, f"must be a list of 1 to {MAX_ITEMS} items")
    wrong = FieldErrors()
    ids: set[str] = set()
    items = [
        wrong.read(partial(_item, line, f"{path}[{place}]", price, ids))
        for place, line in enumerate(lines)
    ]
    wrong.raise_any()
    return tuple(item() for item in items)


def _item(line: Any, path: str, price: Callable[[Reader], int], ids: set[str]) -> Item:
    reader, wrong = Reader.of(line, path), FieldErrors()
    wrong.read(lambda: reader.require_known(_ITEM))
    item_id = wrong.read(lambda: _new_id(reader, ids))
    each = wrong.read(lambda: price(reader))
    quantity = wrong.read(lambda: reader.optional("quantity", _quantity))
    description = wrong.read(lambda: reader.optional("itemDescription", _description))
    wrong.raise_any()
    return Item(item_id(), each(), quantity() or 1, description())


def _new_id(line: Reader, ids: set[str]) -> str:
    """The line's item, which is added to the ids of the lines before."""
    item_id = line.safe_text("itemId", 128)
    if item_id in ids:
        raise BadInput(line.at("itemId"), "must not be ordered twice; add up the quantities")
    ids.add(item_id)
    return item_id


def _quantity(line: Reader, name: str) -> int:
    return line.whole(name, MAX_QUANTITY)


def _description(line: Reader, name: str) -> str:
    return line.prose(name, 256)


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
