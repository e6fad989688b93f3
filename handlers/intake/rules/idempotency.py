"""Idempotency keys: the same request sent twice is one order.

The scope of a key is its caller. What is remembered of a request is a fingerprint in which the
card is its brand, its last four digits, its holder and its expiration: nothing from which its
number could be found.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from handlers.intake.rules.order_request import OrderRequest
from handlers.payments.rules.cards import Card
from handlers.shared.rules.card_numbers import has_card_number
from handlers.shared.rules.errors import BadInput

KEPT_FOR = timedelta(hours=48)

_KEY = re.compile(r"[!-~]{1,128}")
_ORDERS = uuid5(NAMESPACE_URL, "urn:orders:placed")


@dataclass(frozen=True)
class IdempotencyKey:
    """A key, and whose it is."""

    key: str
    caller: str

    @property
    def name(self) -> str:
        """What no other caller's key is called: a key has no space."""
        return f"{self.key} {self.caller}"

    @property
    def order_id(self) -> str:
        """The order that the key stands for: a UUIDv5, the same whoever asks."""
        return str(uuid5(_ORDERS, self.name))


def parse_key(text: str, caller: str) -> IdempotencyKey:
    """A caller's key from its header.

    Raises:
        BadInput: it is not of a key's form.
    """
    if not _KEY.fullmatch(text):
        raise BadInput("Idempotency-Key", "must be 1 to 128 visible ASCII characters")
    if has_card_number(text):
        raise BadInput("Idempotency-Key", "must not have a card number in it")
    return IdempotencyKey(text, caller)


def fingerprint(order: OrderRequest) -> str:
    """64 hex digits that another order's request has not, save for a card's hidden digits."""
    known = {
        "customerId": order.customer_id,
        "email": order.email,
        "address": order.address,
        "currency": order.currency,
        "items": [
            [item.item_id, item.price, item.quantity, item.description] for item in order.items
        ],
        "orderTotal": order.total,
        "means": _means(order.means),
    }
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def _means(means: Card | str) -> Mapping[str, Any]:
    if isinstance(means, str):
        return {"token": means}
    return {
        "cardType": means.card_type,
        "last4": means.number[-4:],
        "holder": means.holder,
        "expires": means.expires.isoformat(),
    }
