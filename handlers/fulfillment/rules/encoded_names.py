"""What a shipment is called where only some characters may stand.

A fulfillment centre's id is any text. Encoded, it is made of characters that need no care in an
object's key (Amazon S3, "Naming Amazon S3 objects") and that an SQS FIFO queue takes in ids.
"""

import re
from hashlib import sha256

from handlers.fulfillment.rules.shipment import Shipment

_SAFE = re.compile(r"[0-9A-Za-z_.-]")
_LONGEST = 128
"""Characters of a message group id (Amazon SQS, SendMessage); a key may have more."""


def label_key(order_id: str, center: str) -> str:
    """The object that is a shipment's label, whatever the attempt."""
    return f"labels/{encoded(order_id)}/{encoded(center)}.zpl"


def idempotency_key(shipment: Shipment) -> str:
    """What a centre knows an attempt by: whatever comes twice under one key, counts once."""
    return f"{shipment.order_id}/{shipment.center}/{shipment.attempt}"


def message_group(shipment: Shipment) -> str:
    """The messages about one order at one centre keep their order."""
    group = f"{encoded(shipment.order_id)}#{encoded(shipment.center)}"
    return group if len(group) <= _LONGEST else _digest(group)


def deduplication_id(shipment: Shipment, kind: str) -> str:
    """What a FIFO queue takes once in five minutes, and no two messages share."""
    return _digest(f"{message_group(shipment)}#{shipment.attempt}#{kind}")


def encoded(text: str) -> str:
    """A text in safe characters, `!` and two hex digits for each byte of another one.

    Different texts stay different; one that grows too long is known by its digest.
    """
    escaped = "".join(each if _SAFE.fullmatch(each) else _escaped(each) for each in text)
    return escaped if len(escaped) <= _LONGEST else f"!!{_digest(text)}"


def _escaped(character: str) -> str:
    return "".join(f"!{byte:02X}" for byte in character.encode())


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
