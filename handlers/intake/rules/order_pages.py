"""A customer's orders page by page.

The token of the next page names the last order of this one. It is checked, not trusted: whatever
a token says, it can only name one of the customer's own orders, so none can be made that shows
more than the customer may see.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from handlers.orders.rules.ports import OrderRows, Row
from handlers.shared.rules.errors import BadInput

DEFAULT_LIMIT = 20
MAX_LIMIT = 100

_VERSION = b"1:"
_ORDER_ID = re.compile(r"[0-9A-Za-z-]{1,80}")
_LIMITS = {str(limit): limit for limit in range(1, MAX_LIMIT + 1)}

Position = Mapping[str, Any]
"""A place in the history: the key of the row that came last."""


class History(Protocol):
    """The customers' orders by time."""

    def history(
        self, customer_id: str, limit: int, after: Position | None
    ) -> tuple[Sequence[Row], Position | None]:
        """Up to `limit` rows, the newest first, and where to go on, None at the end."""
        ...


@dataclass(frozen=True)
class Page:
    """Some of a customer's orders; `token` is None on the last page."""

    rows: Sequence[Row]
    token: str | None


@dataclass(frozen=True)
class OrderPages:
    """The orders, and their history."""

    orders: OrderRows
    history: History

    def page(self, customer_id: str, limit: int, token: str | None) -> Page:
        """A page of a customer's orders.

        Raises:
            BadInput: the token is not of this customer's orders.
        """
        after = None if token is None else self._position(customer_id, token)
        rows, position = self.history.history(customer_id, limit, after)
        return Page(rows, None if position is None else _token(position["OrderId"]))

    def _position(self, customer_id: str, token: str) -> Position:
        order_id = _order_id(token)
        row = (self.orders.read(order_id) if order_id else None) or {}
        if row.get("CustomerId") != customer_id or "CreatedAt" not in row:
            raise BadInput("nextToken", "must be the nextToken of a page of this customer's orders")
        return {name: row[name] for name in ("OrderId", "CustomerId", "CreatedAt")}


def parse_limit(text: str | None) -> int:
    """How many orders a page shall have at most.

    Raises:
        BadInput: it is no number from 1 to MAX_LIMIT.
    """
    if text is None:
        return DEFAULT_LIMIT
    if text not in _LIMITS:
        raise BadInput("limit", f"must be a whole number from 1 to {MAX_LIMIT}")
    return _LIMITS[text]


def _token(order_id: str) -> str:
    return base64.urlsafe_b64encode(_VERSION + order_id.encode()).decode().rstrip("=")


def _order_id(token: str) -> str | None:
    """The order that a token names; None where it is no token of ours to the last letter."""
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        order_id = text.removeprefix(_VERSION).decode()
    except (binascii.Error, ValueError):
        return None
    return order_id if _ORDER_ID.fullmatch(order_id) and _token(order_id) == token else None
