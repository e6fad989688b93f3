"""Publishing what rows say: each change of a row becomes one event at most, built from it alone.

What keeps the bus from taking events is waited out, and holds up what follows. A change of which no
event can be made, or none that the bus takes, is set aside by its key, and holds up nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from handlers.orders.rules.errors import EventRefused
from handlers.orders.rules.events import Event, event_of_change, event_of_review


class Published(StrEnum):
    """What became of a change."""

    PUBLISHED = "PUBLISHED"
    NOTHING_TO_PUBLISH = "NOTHING_TO_PUBLISH"
    SET_ASIDE = "SET_ASIDE"


@dataclass(frozen=True)
class Change:
    """A change of a row.

    Attributes:
        table: the table, by its name in this project.
        key: the row's key.
        old: the row before; None where there was none.
        new: the row after; None where it was removed.
        unreadable: what kept the rows from being read, if anything did.
    """

    table: str
    key: Mapping[str, Any]
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    unreadable: Exception | None = None


class Bus(Protocol):
    """The event bus."""

    def publish(self, event: Event) -> None:
        """Puts an event on the bus.

        Raises:
            EventRefused: the bus takes no such event.
            EventNotAccepted: it did not take it now.
        """
        ...


@dataclass(frozen=True)
class OutcomePublisher:
    """What publishing needs; `set_aside` keeps the key of a change, and why."""

    bus: Bus
    set_aside: Callable[[Change, str], None]

    def publish(self, change: Change) -> Published:
        """Publishes the event of a change, if it has one.

        Raises:
            Exception: whatever kept the bus, or the queue of what is set aside, from taking it; the
                change is to come again, and those after it with it.
        """
        if change.unreadable is not None:
            return self._aside(change, change.unreadable)
        try:
            event = _event(change)
        except Exception as error:
            return self._aside(change, error)
        if event is None:
            return Published.NOTHING_TO_PUBLISH
        try:
            self.bus.publish(event)
        except EventRefused as error:
            return self._aside(change, error)
        return Published.PUBLISHED

    def _aside(self, change: Change, error: Exception) -> Published:
        self.set_aside(change, f"{type(error).__name__}: {error}")
        return Published.SET_ASIDE


def _event(change: Change) -> Event | None:
    if change.new is None:
        return None
    if change.table == "ManualReview":
        return event_of_review(change.new) if change.old is None else None
    return event_of_change(change.old, change.new)
