"""What the functions read from their environment, parsed into typed objects at the first use.

A field `orders_table` is the variable ORDERS_TABLE.
"""

import json
import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar


class SettingMissing(RuntimeError):
    """An environment variable that the function needs is not set."""


class PaymentSettings(NamedTuple):
    """Which payment gateway to use, and the table of the simulated one."""

    payment_gateway: str
    gateway_table: str


class StockSettings(NamedTuple):
    """The tables of the stock."""

    reservations_table: str
    inventory_table: str


class OrdersSettings(NamedTuple):
    """The table of the orders."""

    orders_table: str


class ReviewSettings(NamedTuple):
    """The table of what humans must look at."""

    manual_review_table: str


class EventSettings(NamedTuple):
    """The bus on which outcomes are published."""

    event_bus_name: str


class UnpublishedSettings(NamedTuple):
    """The queue of changes that could not be published."""

    unpublished_queue_url: str


class ReconcilerSettings(NamedTuple):
    """The machines whose executions are reconciled, and the queue of those that ended badly.

    `reconciled_machines` is a JSON object: how each is reconciled, by its ARN.
    """

    reconciled_machines: str

    @property
    def machines(self) -> Mapping[str, str]:
        """How each machine's executions are reconciled, by its ARN."""
        found: dict[str, str] = json.loads(self.reconciled_machines)
        return found


class UnhappySettings(NamedTuple):
    """The queue of executions that ended without success."""

    unhappy_queue_url: str


class CartSettings(NamedTuple):
    """The table of the carts."""

    carts_table: str


class CallbackSettings(NamedTuple):
    """The table of the callbacks that are waited for."""

    pending_callbacks_table: str


class PatienceSettings(NamedTuple):
    """How long a checkout may take, in whole seconds: its state machine's TimeoutSeconds."""

    checkout_seconds: str

    @property
    def patience(self) -> timedelta:
        """The time as a duration.

        Raises:
            ValueError: the setting is no whole number.
        """
        if not self.checkout_seconds.isdecimal():
            raise ValueError("CHECKOUT_SECONDS must be a whole number, the machine's timeout")
        return timedelta(seconds=int(self.checkout_seconds))


class ServiceSettings(NamedTuple):
    """Which outside services to use."""

    outside_services: str


class RequestSettings(NamedTuple):
    """Where requests to outside services go, and where the services call back."""

    service_requests_queue_url: str
    callback_url: str


class SecretSettings(NamedTuple):
    """The secret that callbacks are signed with."""

    callback_secret_arn: str


class MailSettings(NamedTuple):
    """Who sends mails, and the table of those that were sent."""

    notifications_table: str
    mail_sender: str


Settings = TypeVar("Settings")


def parse(kind: type[Settings], environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a kind.

    Raises:
        SettingMissing: a variable is not set or empty; the message names every such one.
    """
    names = kind.__annotations__
    missing = [name.upper() for name in names if not environment.get(name.upper())]
    if missing:
        raise SettingMissing(
            f"the function's environment lacks {', '.join(missing)}; set them where it is deployed"
        )
    values: dict[str, Any] = {name: environment[name.upper()] for name in names}
    return kind(**values)
