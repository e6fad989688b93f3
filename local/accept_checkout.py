"""Accepting a checkout at the edge: the same rules as those of the state machine's first step."""

from decimal import Decimal
from typing import Any

from handlers.checkout.rules.checkout_request import parse_checkout
from handlers.shared.rules.json_text import exact, require_small


def accept_checkout(request: Any) -> dict[str, Any]:
    """The state machine's input for a checkout: the document itself, once it was found good.

    Args:
        request: the checkout's document.

    Raises:
        BadInput: the checkout is refused, in one sentence that names the field.
    """
    document = exact(request)
    parse_checkout(document)  # first, since it names the field
    require_small(request)
    return {name: _plain(value) for name, value in document.items()}


def _plain(value: str | int | Decimal) -> str | int:
    """A field as JSON takes it without a float."""
    return str(value) if isinstance(value, Decimal) else value
