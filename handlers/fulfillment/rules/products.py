"""The products of a shipment, as a paid session names them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from handlers.orders.rules.items import MAX_QUANTITY
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.json_object import Reader
from handlers.shared.rules.money import LARGEST

LONGEST_ID = 128

_LONGEST_NAME = 256
_MOST_DIGITS = 38
"""Of a number in DynamoDB: its Developer Guide, "Supported data types", Number."""


@dataclass(frozen=True)
class Product:
    """A product and how many pieces of it.

    Attributes:
        id: its key in the inventory.
        quantity: 1 to MAX_QUANTITY pieces.
        name: what people call it.
        price: of one piece, as the session says it: minor units, or text for another number.
    """

    id: str
    quantity: int
    name: str | None
    price: int | str | None

    def document(self) -> dict[str, Any]:
        """The product as JSON, without what is not known."""
        known = {"id": self.id, "name": self.name, "price": self.price, "quantity": self.quantity}
        return {name: value for name, value in known.items() if value is not None}


def parse_product(product: Reader) -> Product:
    """A product from its JSON object, fractions as Decimals.

    Raises:
        BadInput: naming the field and what is wrong with it.
    """
    return Product(
        id=identity(product, "id"),
        quantity=_quantity(product),
        name=bounded_text(product, "name", _LONGEST_NAME),
        price=_price(product),
    )


def quantities(products: Iterable[Product]) -> Mapping[str, int]:
    """How many pieces of each product; what stands on several lines is added up."""
    added: dict[str, int] = {}
    for product in products:
        added[product.id] = added.get(product.id, 0) + product.quantity
    return added


def identity(reader: Reader, name: str) -> str:
    """The id in a field, which must be given; other systems count theirs, so digits are text.

    Raises:
        BadInput: it is no text of 1 to LONGEST_ID characters.
    """
    number = _whole(reader.required(name))
    if number is not None:
        return Reader({name: str(number)}, reader.path).text(name, LONGEST_ID)
    return reader.text(name, LONGEST_ID)


def bounded_text(reader: Reader, name: str, longest: int) -> str | None:
    """The text in a field, whatever its characters; None when it is empty or not given.

    Raises:
        BadInput: it is no text, or too long.
    """
    value = reader.fields.get(name) or None
    if value is not None and not isinstance(value, str):
        raise BadInput(reader.at(name), "must be text")
    if value is not None and len(value) > longest:
        raise BadInput(reader.at(name), f"must have at most {longest} characters")
    return value


def _quantity(product: Reader) -> int:
    quantity = _whole(product.required("quantity"))
    if quantity is None or not 1 <= quantity <= MAX_QUANTITY:
        raise BadInput(product.at("quantity"), f"must be a whole number from 1 to {MAX_QUANTITY}")
    return quantity


def _price(product: Reader) -> int | str | None:
    """Nothing is charged by it any more, so a number that is no amount of ours is passed on.

    It has to be a number: the order's row takes no other, once everything is shipped.
    """
    price = product.fields.get("price")
    if price is None:
        return None
    number = _number(price)
    if number is None or _digits(number) > _MOST_DIGITS:
        raise BadInput(product.at("price"), f"must be a number of at most {_MOST_DIGITS} digits")
    whole = _whole(price)
    return whole if whole is not None and abs(whole) <= LARGEST else format(number, "f")


def _number(value: Any) -> Decimal | None:
    """A JSON number, or text that writes one; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(value)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _digits(number: Decimal) -> int:
    """How many digits a number has, written without an exponent."""
    after_the_point = max(0, -int(number.as_tuple().exponent))
    return max(0, number.adjusted()) + 1 + after_the_point


def _whole(value: Any) -> int | None:
    """A JSON number without a fraction; None for anything else."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value if type(value) is int else None
