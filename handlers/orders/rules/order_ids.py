"""Orders' ids as strangers write them."""

import re
from typing import Any

from handlers.shared.rules.errors import BadInput

_FORM = re.compile(r"[0-9A-Za-z-]{1,80}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_order_id(given: Any) -> bool:
    """Whether it is of the form that every order's id has, whoever made it."""
    return isinstance(given, str) and _FORM.fullmatch(given) is not None


def parse_order_id(given: Any) -> str:
    """An order's id, in lower case.

    Raises:
        BadInput: it is no UUID.
    """
    if not isinstance(given, str) or not _UUID.fullmatch(given):
        raise BadInput("orderId", "must be an order's id, a UUID")
    return given.lower()
