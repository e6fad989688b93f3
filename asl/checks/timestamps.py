"""Timestamps as Wait and Choice states take them: RFC 3339 with an upper-case T and Z.

Sources: https://states-language.net/spec.html#timestamps; which times there are, leap seconds
included: https://www.rfc-editor.org/rfc/rfc3339#section-5.7
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

_FORM: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
_LEAP_DAYS: Final = ((6, 30), (12, 31))
_CYCLE: Final = 400  # years, after which the calendar is the same
_BASE: Final = 2000


def is_timestamp(text: str) -> bool:
    """Whether a text is a timestamp that a calendar and a clock can show."""
    found = _FORM.fullmatch(text)
    if found is None:
        return False
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    offset_hours, offset_minutes = int(found[8] or 0), int(found[9] or 0)
    if offset_hours > 23 or offset_minutes > 59 or second > 60:
        return False
    try:
        local = datetime(_BASE + year % _CYCLE, month, day, hour, minute)
    except ValueError:
        return False
    offset = timedelta(hours=offset_hours, minutes=offset_minutes)
    return second < 60 or _is_leap(local + offset if found[7] == "-" else local - offset)


def _is_leap(utc: datetime) -> bool:
    """Whether a minute may have a 61st second: the last one of June or December."""
    return (utc.month, utc.day) in _LEAP_DAYS and (utc.hour, utc.minute) == (23, 59)
