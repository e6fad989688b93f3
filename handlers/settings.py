"""What the functions read from their environment, parsed into typed objects at the first use.

A field `orders_table` is the variable ORDERS_TABLE.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar


class SettingMissing(RuntimeError):
    """An environment variable that the function needs is not set."""


@dataclass(frozen=True)
class PaymentSettings:
    """Which payment gateway to use, and the table of the simulated one."""

    payment_gateway: str
    gateway_table: str


@dataclass(frozen=True)
class StockSettings:
    """The tables of the stock."""

    reservations_table: str
    inventory_table: str


@dataclass(frozen=True)
class OrdersSettings:
    """The table of the orders."""

    orders_table: str


@dataclass(frozen=True)
class ReviewSettings:
    """The table of what humans must look at."""

    manual_review_table: str


@dataclass(frozen=True)
class EventSettings:
    """The bus on which outcomes are told."""

    event_bus_name: str


Settings = TypeVar(
    "Settings", PaymentSettings, StockSettings, OrdersSettings, ReviewSettings, EventSettings
)


def parse(kind: type[Settings], environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a kind.

    Raises:
        SettingMissing: a variable is not set or empty; the message names every such one.
    """
    names = [field.name for field in fields(kind)]
    missing = [name.upper() for name in names if not environment.get(name.upper())]
    if missing:
        raise SettingMissing(
            f"the function's environment lacks {', '.join(missing)}; set them where it is deployed"
        )
    values: dict[str, Any] = {name: environment[name.upper()] for name in names}
    return kind(**values)
