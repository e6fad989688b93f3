"""Orders' ids as strangers write them."""

import re
from typing import Any

from handlers.domain.errors import BadInput

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def parse_order_id(given: Any) -> str:
    """An order's id, in lower case.

    Raises:
        BadInput: it is no UUID.
    """
    if not isinstance(given, str) or not _UUID.fullmatch(given):
        raise BadInput("orderId", "must be an order's id, a UUID")
    return given.lower()
