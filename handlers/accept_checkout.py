"""Accepting a checkout at the edge: the same rules as those of the state machine's first step."""

from decimal import Decimal
from typing import Any

from handlers.domain.checkout import parse_checkout
from handlers.domain.json_text import exact, loads


def accept_checkout(text_or_document: Any) -> dict[str, Any]:
    """The state machine's input for a checkout: the document itself, once it was found good.

    Args:
        text_or_document: JSON text, or the document in it.

    Raises:
        BadInput: the checkout is refused, in one sentence that names the field.
    """
    is_text = isinstance(text_or_document, bytes | str)
    document = loads(text_or_document) if is_text else exact(text_or_document)
    parse_checkout(document)
    return {name: _plain(value) for name, value in document.items()}


def _plain(value: str | int | Decimal) -> str | int:
    """A field as JSON takes it without a float."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return value
