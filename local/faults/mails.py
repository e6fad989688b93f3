"""Finding the event that a mail was sent for."""

from collections.abc import Mapping
from typing import Any

from handlers.notifications.rules.mails import mail as written
from handlers.orders.rules.events import OUTCOMES


def kind_of(mail: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """The type of the event that a mail about an order was sent for.

    Raises:
        ValueError: its subject is that of no event.
    """
    for kind in OUTCOMES:
        if written(kind, row).subject == mail["subject"]:
            return kind
    raise ValueError(f"no event is mailed under the subject {mail['subject']!r}")
