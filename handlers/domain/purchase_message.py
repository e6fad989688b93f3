"""PurchaseQueue's messages, which other systems may write too.

`{orderId, customerId, itemList, orderTotal, currency, ...}` in minor units. What such a message
says of a payment's status proves nothing and is not read. A message about an order that nobody
accepted here must bring a token to pay with: `payment: {token}`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.domain.cards import Card
from handlers.domain.contact import optional_mail_address
from handlers.domain.customers import LONGEST_ID, customer_id
from handlers.domain.errors import BadInput
from handlers.domain.json_text import loads
from handlers.domain.money import LARGEST
from handlers.domain.order import OrderRequest, parse_currency, require_sum
from handlers.domain.order_ids import parse_order_id
from handlers.domain.order_items import parse_lines
from handlers.domain.payment_details import parse_payment_details
from handlers.domain.reader import Reader
from handlers.domain.text import has_card_number

_PAYMENT = ("token", "cardType", "last4")


class CardInMessage(Exception):
    """A message with a card number in it, which must be kept nowhere, and no order to reject."""


@dataclass(frozen=True)
class PurchaseMessage:
    """A message whose order is known.

    Attributes:
        order_id: a UUID in lower case.
        fields: the message, which may be anything else.
    """

    order_id: str
    fields: Mapping[str, Any]

    @property
    def offers_payment(self) -> bool:
        """Whether the message brings something to pay with, good or bad."""
        return self.fields.get("payment") is not None

    @property
    def has_card_number(self) -> bool:
        """Whether a card number stands anywhere in the message."""
        return any(map(has_card_number, _texts(self._further)))

    @property
    def customer_id(self) -> str | None:
        """The customer, if the message names one in a right form."""
        try:
            return Reader(self.fields).safe_text("customerId", LONGEST_ID)
        except BadInput:
            return None

    def order(self) -> OrderRequest:
        """The order request in the message.

        Raises:
            BadInput: naming the field and what is wrong with it.
        """
        if self.has_card_number:
            raise BadInput("the message", "must not have a card number in it")
        order = Reader(self.fields)
        currency = parse_currency(order)
        lines = order.required("itemList")
        items = parse_lines(lines, "itemList", lambda line: _amount(line, "price"))
        return OrderRequest(
            customer_id=customer_id(order),
            email=optional_mail_address(order, "email"),
            address=order.optional_text("address", 500),
            currency=currency,
            items=items,
            total=require_sum(_amount(order, "orderTotal"), items, currency),
            means=_token(order),
        )

    @property
    def _further(self) -> Mapping[str, Any]:
        """All but the order's id, in which digits are chance."""
        return {name: value for name, value in self.fields.items() if name != "orderId"}


def parse_message(body: str) -> PurchaseMessage:
    """The message in a body.

    Raises:
        CardInMessage: it has a card number, and no order's id.
        BadInput: it is no JSON object with an order's id.
    """
    try:
        fields = loads(body)
        order_id = _order_id(fields)
    except BadInput:
        if has_card_number(body):
            raise CardInMessage("a message without an order's id had a card number in it") from None
        raise
    return PurchaseMessage(order_id, fields)


def _order_id(fields: Any) -> str:
    if not isinstance(fields, Mapping):
        raise BadInput("the message", "must be a JSON object")
    return parse_order_id(fields.get("orderId"))


def _token(order: Reader) -> Card | str:
    """The token to pay with; brand and last digits are asked of the gateway."""
    payment = order.nested("payment", _PAYMENT)
    return parse_payment_details({"token": payment.required("token")}, payment.path)


def _amount(reader: Reader, name: str) -> int:
    amount = reader.required(name)
    if type(amount) is not int or not 0 < amount <= LARGEST:
        raise BadInput(reader.at(name), f"must be an integer of minor units from 1 to {LARGEST}")
    return amount


def _texts(value: Any) -> Iterator[str]:
    """Every text and number of a document, names included."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield name
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif value is not None:
        yield str(value)
