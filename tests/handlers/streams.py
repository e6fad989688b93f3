"""The batches of tables' streams as Lambda brings them, and a bus that fails where it is to."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from handlers.shared.adapters.dynamodb import typed

Row = dict[str, Any]

_TABLES = "arn:aws:dynamodb:us-east-1:123456789012:table"
_KEYS = {"CustomerOrders": ("OrderId",), "ManualReview": ("OrderId", "ReviewId")}


def record(table: str, old: Row | None, new: Row | None, number: int = 1) -> dict[str, Any]:
    """A record of a table's stream, with both images."""
    row = new or old or {}
    images = {"OldImage": old, "NewImage": new}
    name = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
    return {
        "eventID": f"{number:032x}",
        "eventName": name,
        "eventSource": "aws:dynamodb",
        "eventSourceARN": f"{_TABLES}/{table}/stream/2026-01-01T00:00:00.000",
        "dynamodb": {
            "Keys": typed({name: row[name] for name in _KEYS[table]}),
            "SequenceNumber": str(number),
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            **{name: typed(image) for name, image in images.items() if image is not None},
        },
    }


def orders(*changes: tuple[Row | None, Row | None]) -> list[dict[str, Any]]:
    """Records of the orders' stream, numbered from 1."""
    return [
        record("CustomerOrders", old, new, number)
        for number, (old, new) in enumerate(changes, start=1)
    ]


def batch(records: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A batch of records."""
    return {"Records": list(records)}


@dataclass
class Bus:
    """An EventBridge client that keeps what it takes, and fails as it is asked to.

    Attributes:
        faults: what each call does instead, in order: raise, answer so, or None for nothing.
        took: whether it takes an event before it fails.
    """

    faults: list[Exception | str | None] = field(default_factory=list)
    took: bool = False
    entries: list[dict[str, str]] = field(default_factory=list)

    def put_events(self, *, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        fault = self.faults.pop(0) if self.faults else None
        if fault is None or self.took:
            self.entries += Entries
        if isinstance(fault, Exception):
            raise fault
        if fault is not None:
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": fault}]}
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}

    @property
    def ids(self) -> list[str]:
        """The eventId of each event, in order."""
        return [json.loads(entry["Detail"])["eventId"] for entry in self.entries]
