"""The event bus on which outcomes are published."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from botocore.exceptions import ClientError

from handlers.orders.rules.errors import EventNotAccepted, EventRefused
from handlers.orders.rules.events import Event
from handlers.shared.adapters.dynamodb import code

SOURCE = "orders"

_REFUSALS = ("InvalidArgument", "MalformedDetail", "ValidationException")
"""AWS, "PutEvents" and "PutEventsResultEntry": the errors that the entry itself is to blame for."""


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
            EventRefused: the bus takes no such event, now or later.
            EventNotAccepted: the bus answered, but did not take the event.
        """
        try:
            answer = self.client.put_events(Entries=[self._entry(event)])
        except ClientError as error:
            if code(error) in _REFUSALS:
                raise EventRefused(f"{event.detail_type}: {code(error)}") from error
            raise
        if answer["FailedEntryCount"]:
            _raise(event, answer["Entries"][0].get("ErrorCode", "no reason given"))

    def _entry(self, event: Event) -> dict[str, str]:
        try:
            detail = json.dumps(event.detail)
        except (TypeError, ValueError) as error:
            raise EventRefused(f"{event.detail_type} is no JSON") from error
        return {
            "EventBusName": self.bus,
            "Source": SOURCE,
            "DetailType": event.detail_type,
            "Detail": detail,
        }


def _raise(event: Event, reason: str) -> NoReturn:
    if reason in _REFUSALS:
        raise EventRefused(f"{event.detail_type}: {reason}")
    raise EventNotAccepted(f"the bus did not take {event.detail_type}: {reason}; try again")
