"""When a shipment arrives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

_SATURDAY = 5
_DAY = timedelta(days=1)
_A_YEAR = 365


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


def parse_days(days: Mapping[str, Any]) -> Mapping[str, int]:
    """Read how long deliveries take: business days by fulfillment centre, and `default`.

    Raises:
        ValueError: a value is no whole number from 0 to 365, or there is no default.
    """
    if "default" not in days or not all(map(_is_days, days.values())):
        raise ValueError(
            "DELIVERY_DAYS must be a JSON object of whole days from 0 to 365 by fulfillment"
            " centre, with a default"
        )
    return days


def _is_days(days: Any) -> bool:
    return type(days) is int and 0 <= days <= _A_YEAR


def business_days_after(day: date, count: int) -> date:
    """The day that many business days later: Monday to Friday; public holidays are not known."""
    while count > 0 or not _is_business_day(day):
        day += _DAY
        count -= _is_business_day(day)
    return day


def _is_business_day(day: date) -> bool:
    return day.weekday() < _SATURDAY
