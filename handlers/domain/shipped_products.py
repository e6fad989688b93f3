"""The products of a shipment, as a paid session names them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from handlers.domain.errors import BadInput
from handlers.domain.money import LARGEST
from handlers.domain.order_items import MAX_QUANTITY
from handlers.domain.reader import Reader

LONGEST_ID = 128

_LONGEST_NAME = 256
_LONGEST_PRICE = 200  # more than a number of DynamoDB has digits


@dataclass(frozen=True)
class Product:
    """A product and how many pieces of it.

    Attributes:
        id: its key in the inventory.
        quantity: 1 to MAX_QUANTITY pieces.
        name: what people call it.
        price: of one piece, as the session says it: minor units, or text for what has a fraction.
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
    """Nothing is charged by it any more, so what is no amount of ours is passed on as it is."""
    price = product.fields.get("price")
    number = _whole(price)
    if number is not None and abs(number) <= LARGEST:
        return number
    if number is not None:
        return str(number)
    if isinstance(price, Decimal):
        return format(price, "f")
    return None if price is None else product.text("price", _LONGEST_PRICE)


def _whole(value: Any) -> int | None:
    """A JSON number without a fraction; None for anything else."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value if type(value) is int else None
