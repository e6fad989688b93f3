"""The States of an order, and what its row says of its end."""

from collections.abc import Mapping
from typing import Any, Literal

PENDING = "PENDING"
PROCESSED = "PROCESSED"
FAILED = "FAILED"
CANCELLED = "CANCELLED"
FULFILLED = "FULFILLED"

STANDING = (PROCESSED, FULFILLED, "REFUNDED")
"""States of an order that was paid and is not undone."""

UNDONE = (FAILED, CANCELLED)
"""States of an order of which nothing stays held."""

PROCESSING_ERROR = "ProcessingError"
"""The Reason of an order that failed technically."""

CANCEL_ORDER = "cancel_order"
"""Who cancels a paid order: the function, which is no execution."""


def is_over(row: Mapping[str, Any]) -> bool:
    """Whether the customer can be notified that a refused or cancelled order is over.

    Everything is undone, or it cannot be and a human has it.
    """
    return "ClosedAt" in row or "HandedOverAt" in row


Voided = Literal["VOIDED", "REFUNDED", "NOTHING"]
