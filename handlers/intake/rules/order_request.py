"""The order request: what is accepted at the edge, and what the state machine gets of it.

The edge refuses what has a wrong shape or wrong arithmetic. Whether the card is any good and
whether prices and stock are right is the workflow's to find out, and to record.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from handlers.intake.rules.payment_details import parse_payment_details
from handlers.orders.rules.contact import optional_address, optional_mail_address
from handlers.orders.rules.customers import customer_id
from handlers.orders.rules.items import Item, parse_amount, parse_items
from handlers.payments.rules.cards import Card
from handlers.payments.rules.gateway import Payment
from handlers.shared.rules.clock import timestamp
from handlers.shared.rules.currencies import DIGITS
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.field_errors import FieldErrors
from handlers.shared.rules.json_object import Reader
from handlers.shared.rules.money import major_units

_ORDER = (
    "customerId",
    "email",
    "address",
    "currency",
    "orderContents",
    "orderTotal",
    "paymentDetails",
)


@dataclass(frozen=True)
class OrderRequest:
    """An order that has a right shape and right arithmetic.

    Attributes:
        customer_id: who orders.
        email: where to tell the outcome, if anywhere.
        address: where to ship, if anywhere.
        currency: ISO 4217 code of every amount.
        items: 1 to 99 lines, each item once.
        total: the sum of price times quantity, in minor units.
        means: a card, or the token of one.
    """

    customer_id: str
    email: str | None = field(repr=False)
    address: str | None = field(repr=False)
    currency: str
    items: tuple[Item, ...]
    total: int
    means: Card | str = field(repr=False)


def parse_order(document: Any) -> OrderRequest:
    """An order request from its JSON document, fractions as Decimals (see `json_text.loads`).

    Raises:
        BadInput: naming each wrong field and what is wrong with it, never showing card data.
    """
    order = Reader.of(document, "")
    wrong = FieldErrors()
    wrong.read(lambda: order.require_known(_ORDER))
    return read_order(order, wrong, _Posted(order))


class Parts(Protocol):
    """The parts of an order request that not every sender writes alike."""

    def items(self, currency: Callable[[], str]) -> tuple[Item, ...]:
        """The lines; the currency raises BadInput where it is wrong itself."""
        ...

    def total(self, currency: Callable[[], str]) -> int:
        """The total, in minor units."""
        ...

    def means(self) -> Card | str:
        """A card, or the token of one."""
        ...


@dataclass(frozen=True)
class _Posted:
    """The parts as they are posted to the API: amounts in major units."""

    order: Reader

    def items(self, currency: Callable[[], str]) -> tuple[Item, ...]:
        return parse_items(self.order, currency)

    def total(self, currency: Callable[[], str]) -> int:
        return parse_amount(self.order, "orderTotal", currency())

    def means(self) -> Card | str:
        return parse_payment_details(self.order.required("paymentDetails"), "paymentDetails")


def read_order(order: Reader, wrong: FieldErrors, parts: Parts) -> OrderRequest:
    """An order request, all its wrong fields found at once.

    Args:
        order: the document.
        wrong: what was found wrong with it before.
        parts: what its sender writes in a way of its own.

    Raises:
        BadInput: naming each wrong field and what is wrong with it.
    """
    customer = wrong.read(lambda: customer_id(order))
    email = wrong.read(lambda: optional_mail_address(order, "email"))
    where = wrong.read(lambda: optional_address(order, "address"))
    currency = wrong.read(lambda: parse_currency(order))
    items = wrong.read(lambda: parts.items(currency))
    said = wrong.read(lambda: parts.total(currency))
    total = wrong.read(lambda: require_sum(said(), items(), currency()))
    means = wrong.read(parts.means)
    wrong.raise_any()
    return OrderRequest(customer(), email(), where(), currency(), items(), total(), means())


def machine_input(
    order: OrderRequest, payment: Payment, order_id: str, requested_at: datetime
) -> dict[str, Any]:
    """The state machine's input: amounts in minor units, what was not given left out.

    Args:
        order: the request.
        payment: what stands for its card.
        order_id: the order's id, which is also the execution's name.
        requested_at: when the request was accepted, with a time zone.
    """
    contact = {"email": order.email, "address": order.address}
    return {
        "orderId": order_id,
        "customerId": order.customer_id,
        **{name: value for name, value in contact.items() if value is not None},
        "currency": order.currency,
        "orderTotal": order.total,
        "items": [_line(item) for item in order.items],
        "payment": {
            "token": payment.token,
            "cardType": payment.card_type,
            "last4": payment.last4,
        },
        "requestedAt": timestamp(requested_at),
    }


def _line(item: Item) -> dict[str, Any]:
    line = {"itemId": item.item_id, "price": item.price, "quantity": item.quantity}
    if item.description is None:
        return line
    return {**line, "itemDescription": item.description}


def parse_currency(order: Reader) -> str:
    """The currency of an order, USD where none is given.

    Raises:
        BadInput: it is no currency's code.
    """
    code = order.fields.get("currency")
    if code is None:
        return "USD"
    if not isinstance(code, str) or code not in DIGITS:
        raise BadInput("currency", "must be the ISO 4217 code of a currency, such as USD")
    return code


def require_sum(total: int, items: tuple[Item, ...], currency: str) -> int:
    """The total, in minor units, if it is the sum of the items.

    Raises:
        BadInput: it is another.
    """
    added = sum(item.price * item.quantity for item in items)
    if total != added:
        said, found = major_units(total, currency), major_units(added, currency)
        raise BadInput(
            "orderTotal", f"must be the sum of the items, {found} {currency}, but is {said}"
        )
    return total
