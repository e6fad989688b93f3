"""Timestamps as ISO 8601 writes them, where jsonata-python's differ from the reference's."""

import math
import re
from datetime import UTC, datetime

from jsonata.functions import Functions
from jsonata.jexception import JException

_TIMESTAMP = re.compile(
    r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?"
    r"(?:T(\d\d:\d\d:\d\d)(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)


def to_millis(timestamp: str | None, picture: str | None = None) -> float | int | None:
    """Milliseconds since 1970 of a timestamp, which is in UTC unless it says otherwise.

    Raises:
        JException: it has not the form of ISO 8601 (D3110), or not the picture's.
    """
    if timestamp is None or picture is not None:
        found: float | None = Functions.datetime_to_millis(timestamp, picture)
        return found
    match = _TIMESTAMP.fullmatch(timestamp)
    if not match:
        raise JException("D3110", -1, timestamp)
    return _millis(*(part or "" for part in match.groups()))


def _millis(year: str, month: str, day: str, time: str, fraction: str, zone: str) -> float | int:
    offset = zone.replace("Z", "+0000").replace(":", "") or "+0000"
    text = f"{year}-{month or '01'}-{day or '01'}T{time or '00:00:00'}{offset}"
    try:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)
    except ValueError:
        return math.nan  # a date that no calendar has
    return int(moment.timestamp()) * 1000 + int(float(f"0{fraction or '.0'}") * 1000)
