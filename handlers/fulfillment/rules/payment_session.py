"""A paid session, as this project or another system wrote it: who bought what.

A session's id is its order's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.fulfillment.rules.errors import NoProducts
from handlers.fulfillment.rules.products import (
    LONGEST_ID,
    Product,
    bounded_text,
    identity,
    parse_product,
)
from handlers.orders.rules.contact import LONGEST_ADDRESS
from handlers.orders.rules.errors import InvalidOrder
from handlers.shared.rules.currencies import DIGITS
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.json_object import Reader

FIELDS = ("SessionId", "CustomerId", "Currency", "Address", "Products")
"""The attributes of a session that say what to ship."""

_ORDER_ID = re.compile(r"[0-9A-Za-z-]{1,80}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """A product, and the fulfillment centre that the session wants it from, if any."""

    product: Product
    center: str | None


@dataclass(frozen=True)
class Session:
    """A session that has a right shape; what is None is not said there."""

    order_id: str
    customer_id: str
    currency: str | None
    address: str | None = field(repr=False)
    lines: tuple[Line, ...]

    @property
    def products(self) -> tuple[Product, ...]:
        """What was bought, in the order given."""
        return tuple(line.product for line in self.lines)


def parse_session_id(document: Any) -> str:
    """The session that a fulfillment's input names.

    Raises:
        BadInput: the input is not `{"SessionId": "<uuid>"}`.
    """
    if not isinstance(document, Mapping) or set(document) != {"SessionId"}:
        raise BadInput("the fulfillment", "must be a JSON object with SessionId and nothing else")
    session_id = document["SessionId"]
    if not isinstance(session_id, str) or not _UUID.fullmatch(session_id):
        raise BadInput("SessionId", "must be a UUID")
    return session_id


def parse_session(document: Mapping[str, Any]) -> Session:
    """A session from its row, fractions as Decimals.

    Raises:
        NoProducts: nothing was bought.
        InvalidOrder: naming the field and what is wrong with it.
    """
    session = Reader(document)
    try:
        return Session(
            order_id=_order_id(session),
            customer_id=identity(session, "CustomerId"),
            currency=_currency(session),
            address=bounded_text(session, "Address", LONGEST_ADDRESS),
            lines=_lines(session),
        )
    except BadInput as error:
        raise InvalidOrder(str(error)) from None


def _order_id(session: Reader) -> str:
    value = session.required("SessionId")
    if not isinstance(value, str) or not _ORDER_ID.fullmatch(value):
        raise BadInput("SessionId", f"must be text of the form {_ORDER_ID.pattern}")
    return value


def _currency(session: Reader) -> str | None:
    code = bounded_text(session, "Currency", LONGEST_ID)
    if code is not None and code not in DIGITS:
        raise BadInput("Currency", "must be the ISO 4217 code of a currency, such as USD")
    return code


def _lines(session: Reader) -> tuple[Line, ...]:
    products = session.fields.get("Products") or []
    if not isinstance(products, list):
        raise BadInput("Products", "must be a list")
    if not products:
        raise NoProducts("the session has no products")
    return tuple(_line(product, f"Products[{place}]") for place, product in enumerate(products))


def _line(product: Any, path: str) -> Line:
    if not isinstance(product, Mapping):
        raise BadInput(path, "must be an object")
    reader = Reader(product, path)
    named = product.get("fulfillmentCenterId") not in (None, "")
    center = identity(reader, "fulfillmentCenterId") if named else None
    return Line(parse_product(reader), center)
