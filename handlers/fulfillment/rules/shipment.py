"""What one fulfillment centre ships of an order, in one attempt.

An attempt that was cancelled stays so: whoever resumes the order ships in the next one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.fulfillment.rules.products import Product, identity, parse_product, quantities
from handlers.orders.rules.errors import InvalidOrder
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.field_names import shown
from handlers.shared.rules.json_object import Reader

MAX_PRODUCTS = 99  # one DynamoDB transaction takes them all, beside the shipment's own row


@dataclass(frozen=True)
class Shipment:
    """A group of products that one centre ships.

    Attributes:
        order_id: the order.
        center: the fulfillment centre's id.
        attempt: from 1.
        reserved: whether order processing reserved the products.
        products: at least one, in the order given.
        arrival_date: in ISO 8601, such as 2026-01-31.
        customer_id: who ordered.
        address: where to ship, if that is known.
    """

    order_id: str
    center: str
    attempt: int
    reserved: bool
    products: tuple[Product, ...]
    arrival_date: str
    customer_id: str
    address: str | None = field(repr=False)

    def document(self) -> dict[str, Any]:
        """The shipment as the state machine passes it on."""
        address = {} if self.address is None else {"address": self.address}
        return {
            "orderId": self.order_id,
            "fulfillmentCenterId": self.center,
            "attempt": self.attempt,
            "reserved": self.reserved,
            "products": documents(self.products),
            "arrivalDate": self.arrival_date,
            "customerId": self.customer_id,
            **address,
        }


def parse_shipment(document: Any) -> Shipment:
    """A shipment from what the state machine passed on.

    Raises:
        BadInput: it is none.
    """
    if not isinstance(document, Mapping):
        raise BadInput("group", "must be a JSON object")
    reader = Reader(document, "group")
    return Shipment(
        order_id=identity(reader, "orderId"),
        center=identity(reader, "fulfillmentCenterId"),
        attempt=int(reader.required("attempt")),
        reserved=reader.required("reserved") is True,
        products=tuple(
            parse_product(Reader(product, f"group.products[{place}]"))
            for place, product in enumerate(reader.required("products"))
        ),
        arrival_date=identity(reader, "arrivalDate"),
        customer_id=identity(reader, "customerId"),
        address=document.get("address"),
    )


def documents(products: Iterable[Product]) -> list[dict[str, Any]]:
    """Products as JSON."""
    return [product.document() for product in products]


def grouped(lines: Iterable[tuple[str, Product]]) -> Mapping[str, Sequence[Product]]:
    """Products by centre: centres as they come up first, the products of each as they come.

    Raises:
        InvalidOrder: a centre has more than MAX_PRODUCTS different products.
    """
    groups: dict[str, list[Product]] = {}
    for center, product in lines:
        groups.setdefault(center, []).append(product)
    for center, products in groups.items():
        if len(quantities(products)) > MAX_PRODUCTS:
            raise InvalidOrder(
                f"Products must have at most {MAX_PRODUCTS} different ones of fulfillment centre"
                f" {shown(center)}; split the session"
            )
    return groups
