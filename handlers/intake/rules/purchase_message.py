"""PurchaseQueue's messages, which other systems may write too.

`{orderId, customerId, itemList, orderTotal, currency, ...}` in minor units. What such a message
says of a payment's status proves nothing and is not read. A message about an order that nobody
accepted here must bring a token to pay with: `payment: {token}`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.intake.rules.order_request import OrderRequest, read_order
from handlers.intake.rules.queued_parts import PAYMENT, QueuedParts
from handlers.orders.rules.customers import LONGEST_ID
from handlers.orders.rules.order_ids import parse_order_id
from handlers.shared.rules.card_numbers import has_card_number
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.field_errors import FieldErrors
from handlers.shared.rules.json_object import Reader
from handlers.shared.rules.json_text import loads

_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)


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
        return self.fields.get(PAYMENT) is not None

    @property
    def has_card_number(self) -> bool:
        """Whether a card number stands anywhere in the message."""
        return any(
            has_card_number(text, payment=name == PAYMENT)
            for name, value in self.fields.items()
            for text in (name, *_texts(value))
        )

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
            BadInput: naming each wrong field and what is wrong with it.
        """
        wrong = FieldErrors()
        wrong.read(self._require_no_card)
        order = Reader(self.fields)
        return read_order(order, wrong, QueuedParts(order))

    def _require_no_card(self) -> None:
        if self.has_card_number:
            raise BadInput("the message", "must not have a card number in it")


def parse_message(body: str) -> PurchaseMessage:
    """The message in a body.

    Raises:
        CardInMessage: it has a card number, and no order's id.
        BadInput: it is no JSON object with an order's id.
    """
    try:
        fields = loads(body)
    except BadInput:
        _require_no_card([_unescaped(body)])
        raise
    try:
        return PurchaseMessage(_order_id(fields), fields)
    except BadInput:
        _require_no_card(_texts(fields))
        raise


def _require_no_card(texts: Iterable[str]) -> None:
    if any(map(has_card_number, texts)):
        raise CardInMessage("a message without an order's id had a card number in it")


def _unescaped(body: str) -> str:
    """A text that is no JSON, without the letters of escapes, which would touch a number."""
    return _ESCAPE.sub(" ", body)


def _order_id(fields: Any) -> str:
    if not isinstance(fields, Mapping):
        raise BadInput("the message", "must be a JSON object")
    return parse_order_id(fields.get("orderId"))


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
