"""What the functions of fulfillment read from their environment, beside what all read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_A_YEAR = 365


@dataclass(frozen=True)
class ShipmentSettings:
    """The table of the shipments."""

    shipments_table: str


@dataclass(frozen=True)
class InventorySettings:
    """The table of the products."""

    inventory_table: str


@dataclass(frozen=True)
class LabelSettings:
    """The bucket of the shipping labels."""

    labels_bucket: str


@dataclass(frozen=True)
class CenterSettings:
    """The queue that the fulfillment centres read."""

    fulfillment_queue_url: str


@dataclass(frozen=True)
class FulfillmentMachineSettings:
    """Fulfillment's state machine."""

    fulfillment_state_machine_arn: str


@dataclass(frozen=True)
class DeliverySettings:
    """How long deliveries take, as JSON: business days by fulfillment centre, and `default`."""

    delivery_days: str

    @property
    def days(self) -> Mapping[str, int]:
        """Business days by fulfillment centre.

        Raises:
            ValueError: the setting is no such JSON.
        """
        days = json.loads(self.delivery_days)
        if (
            not isinstance(days, dict)
            or "default" not in days
            or not all(map(_is_days, days.values()))
        ):
            raise ValueError(
                "DELIVERY_DAYS must be a JSON object of whole days from 0 to 365 by fulfillment"
                " centre, with a default"
            )
        return days


def _is_days(days: Any) -> bool:
    return type(days) is int and 0 <= days <= _A_YEAR
