"""What a state machine sends to its functions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.domain.errors import BadInput
from handlers.domain.json_text import exact

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


def text(payload: Any, name: str) -> str:
    """A text of the payload.

    Raises:
        BadInput: there is none.
    """
    value = field(payload, name)
    if not isinstance(value, str):
        raise BadInput(name, "must be text")
    return value


def _formed(payload: Any, name: str, form: re.Pattern[str]) -> str:
    value = field(payload, name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise BadInput(name, f"must be text of the form {form.pattern}")
    return value


def field(payload: Any, name: str) -> Any:
    """A field of the payload.

    Raises:
        BadInput: there is none.
    """
    if not isinstance(payload, Mapping) or name not in payload:
        raise BadInput(name, "is missing")
    return payload[name]
