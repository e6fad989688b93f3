"""A cart's checkout: what is accepted, and the order it becomes.

The document has a field for each item, named as the item, beside the four of the cart itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from handlers.orders.rules.contact import address, mail_address
from handlers.orders.rules.items import MAX_QUANTITY, parse_amount
from handlers.shared.rules.card_numbers import has_card_number
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.field_errors import FieldErrors
from handlers.shared.rules.json_object import Reader
from handlers.shared.rules.text import is_padded, is_plain

CURRENCY = "USD"
MAX_FIELDS = 200
MAX_ITEMS = 97  # a DynamoDB transaction's 100 actions, without the cart, order and reservation

_CART = ("CartId", "Email", "Address", "total_cost")
_LONGEST_NAME = 128
_COUNTS = {str(count): count for count in range(MAX_QUANTITY + 1)}
_ORDERS = uuid5(NAMESPACE_URL, "urn:orders:checkout")


@dataclass(frozen=True)
class Line:
    """An item and how many pieces of it, at least one."""

    item_id: str
    quantity: int


@dataclass(frozen=True)
class Checkout:
    """A cart that has a right shape.

    Attributes:
        cart_id: the cart.
        email: where to tell the outcome.
        address: where to ship.
        lines: 1 to MAX_ITEMS items.
        total: what the caller says it costs, in minor units of CURRENCY.
    """

    cart_id: str
    email: str = field(repr=False)
    address: str = field(repr=False)
    lines: tuple[Line, ...]
    total: int


def parse_checkout(document: Any) -> Checkout:
    """A checkout from its JSON document, fractions as Decimals (see `json_text`).

    Raises:
        BadInput: naming each wrong field and what is wrong with it.
    """
    if not isinstance(document, Mapping):
        raise BadInput("the checkout", "must be a JSON object")
    cart, wrong = Reader(document), FieldErrors()
    cart_id = wrong.read(lambda: cart.safe_text("CartId", 128))
    email = wrong.read(lambda: mail_address(cart, "Email"))
    where = wrong.read(lambda: address(cart, "Address"))
    lines = wrong.read(lambda: _lines(document))
    total = wrong.read(lambda: parse_amount(cart, "total_cost", CURRENCY))
    wrong.raise_any()
    return Checkout(cart_id(), email(), where(), lines(), total())


def order_id(cart_id: str, attempt: int) -> str:
    """The order of a cart's attempt: a UUIDv5, the same whoever asks."""
    return str(uuid5(_ORDERS, f"{cart_id}#{attempt}"))


def normalized(row: Mapping[str, Any]) -> dict[str, Any]:
    """The order of a CustomerOrders row as the state machine works on it."""
    return {
        "orderId": row["OrderId"],
        "cartId": row["CartId"],
        "customerId": row["CustomerId"],
        "email": row["Email"],
        "address": row["Address"],
        "currency": row["Currency"],
        "orderTotal": row["OrderTotal"],
        "items": [_item(item) for item in row["Items"]],
        "requestedAt": row["CreatedAt"],
    }


def _item(columns: Mapping[str, Any]) -> dict[str, Any]:
    known = ("itemId", "quantity", "price")
    return {name: columns[name] for name in known if columns[name] is not None}


def _lines(document: Mapping[Any, Any]) -> tuple[Line, ...]:
    names = [name for name in document if name not in _CART]
    if not names:
        raise BadInput("the checkout", "must have an item, such as Orange with a count")
    if len(names) > MAX_FIELDS:
        raise BadInput("the checkout", f"must name at most {MAX_FIELDS} items")
    wrong = FieldErrors()
    lines = [wrong.read(partial(_line, name, document[name])) for name in names]
    wrong.raise_any()
    wanted = tuple(line() for line in lines if line().quantity)
    if not 1 <= len(wanted) <= MAX_ITEMS:
        raise BadInput("the checkout", f"must count 1 to {MAX_ITEMS} items above zero")
    return wanted


def _line(name: Any, count: Any) -> Line:
    item_id = _name(name)
    return Line(item_id, _count(item_id, count))


def _name(name: Any) -> str:
    """An item's name; one that may not be repeated in a sentence is described."""
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
        raise BadInput("the checkout", f"must name items by 1 to {_LONGEST_NAME} characters")
    if is_padded(name) or not is_plain(name) or has_card_number(name):
        raise BadInput("the checkout", "must not have an item with an unfit name")
    return name


def _count(name: str, value: Any) -> int:
    """A count as a decimal string or a JSON number."""
    text = str(value) if type(value) is int and 0 <= value <= MAX_QUANTITY else value
    if not isinstance(text, str) or text not in _COUNTS:
        raise BadInput(f'"{name}"', f"must be a whole number of pieces from 0 to {MAX_QUANTITY}")
    return _COUNTS[text]
