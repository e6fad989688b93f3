"""When a shipment arrives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

_SATURDAY = 5
_DAY = timedelta(days=1)


class ArrivalDates(Protocol):
    """Whoever can say when a fulfillment centre's shipment arrives."""

    def arrives(self, center: str, planned: date) -> date:
        """When a shipment arrives that the centre hears of on the day it is planned."""
        ...


@dataclass(frozen=True)
class BusinessDays:
    """So many business days by centre, and `default` days from any other."""

    days: Mapping[str, int]

    def arrives(self, center: str, planned: date) -> date:
        """When a shipment arrives; with no days to go, on the next business day from today."""
        return business_days_after(planned, self.days.get(center, self.days["default"]))


def business_days_after(day: date, count: int) -> date:
    """The day that many business days later: Monday to Friday; public holidays are not known."""
    while count > 0 or not _is_business_day(day):
        day += _DAY
        count -= _is_business_day(day)
    return day


def _is_business_day(day: date) -> bool:
    return day.weekday() < _SATURDAY
