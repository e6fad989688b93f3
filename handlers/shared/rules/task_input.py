"""What a state machine sends to its functions."""

import re
from dataclasses import dataclass
from typing import Any

from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.fields import _formed, field
from handlers.shared.rules.json_text import exact

_ORDER_ID = re.compile(r"[0-9A-Za-z-]{1,80}")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class AmountRequest:
    """An amount of an order, in minor units of its currency."""

    order_id: str
    amount: int
    currency: str


def order_id(payload: Any) -> str:
    """The payload's `orderId`.

    Raises:
        BadInput: there is none, or not of the form of an order's id.
    """
    return _formed(payload, "orderId", _ORDER_ID)


def amount_request(payload: Any) -> AmountRequest:
    """The payload's `orderId`, `amount` and `currency`.

    Raises:
        BadInput: one of them is missing or not of its form.
    """
    identity = order_id(payload)
    amount = exact(field(payload, "amount"))
    if type(amount) is not int or amount <= 0:
        raise BadInput("amount", "must be a positive integer of minor units")
    return AmountRequest(identity, amount, _formed(payload, "currency", _CURRENCY))


def token(payload: Any) -> str:
    """The token of the payload's `payment`.

    Raises:
        BadInput: there is none.
    """
    value = field(field(payload, "payment"), "token")
    if not isinstance(value, str):
        raise BadInput("payment.token", "must be text")
    return value
