"""The event bus on which outcomes are told."""

import json
from dataclasses import dataclass
from typing import Any

from handlers.domain.errors import EventNotAccepted
from handlers.domain.outcomes import Event

SOURCE = "orders"


@dataclass(frozen=True)
class Events:
    """The project's bus.

    Attributes:
        client: an EventBridge client.
        bus: the bus's name.
    """

    client: Any
    bus: str

    def publish(self, event: Event) -> None:
        """Puts an event on the bus.

        Raises:
            EventNotAccepted: the bus answered, but did not take the event.
        """
        entry = {
            "EventBusName": self.bus,
            "Source": SOURCE,
            "DetailType": event.detail_type,
            "Detail": json.dumps(event.detail),
        }
        answer = self.client.put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            reason = answer["Entries"][0].get("ErrorCode", "no reason given")
            raise EventNotAccepted(f"the bus did not take {event.detail_type}: {reason}; try again")
