"""Times as they stand in tables and events: ISO 8601, UTC, milliseconds, `Z`."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The current time, aware of being UTC."""
    return datetime.now(UTC)


def timestamp(at: datetime) -> str:
    """A time as text that sorts by time: `2026-01-01T00:00:00.000Z`.

    Args:
        at: a time with a time zone.

    Raises:
        ValueError: `at` has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("the time has no time zone; give one, such as datetime.now(UTC)")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The time that a `timestamp` tells.

    Raises:
        ValueError: it is no time in ISO 8601 with a time zone.
    """
    at = datetime.fromisoformat(text)
    timestamp(at)
    return at
