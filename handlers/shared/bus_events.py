"""The events that queues bring from a bus, each a message's whole body."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.shared.rules.errors import BadInput


@dataclass(frozen=True)
class BusEvent:
    """An EventBridge event; `id` is the bus's own, `time` is in ISO 8601."""

    id: str
    detail_type: str
    time: str
    detail: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A text of the detail.

        Raises:
            BadInput: there is none.
        """
        value = self.detail.get(name)
        if not isinstance(value, str):
            raise BadInput(f"detail.{name}", "must be text")
        return value


def parse_event(body: str) -> BusEvent:
    """The event in a message's body.

    Raises:
        BadInput: the body is no EventBridge event.
    """
    try:
        event = json.loads(body)
        return BusEvent(event["id"], event["detail-type"], event["time"], dict(event["detail"]))
    except (ValueError, KeyError, TypeError):
        raise BadInput("the message's body", "must be an EventBridge event") from None
