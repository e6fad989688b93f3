"""The Notifications table: an order's mails, and which of them is in flight.

A row has a column for each mail, named after its event: CLAIMED, then SENT, DROPPED or UNSURE.
At most one is CLAIMED, and `SendingUntil` is there with it: the time, in seconds since 1970, by
which whoever claimed it has ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from handlers.shared.adapters.dynamodb import Row, read, update
from handlers.shared.rules.clock import Clock, utc_now

_CLAIMED = "CLAIMED"


@dataclass(frozen=True)
class Notifications:
    """Mails by order.

    Attributes:
        client: a DynamoDB client.
        table: the table's name.
        patience: the time limit of the function that sends mails.
        clock: tells the time.
    """

    client: Any
    table: str
    patience: timedelta
    clock: Clock = utc_now

    def read(self, order_id: str) -> Row:
        """The order's row; empty where there is none."""
        return read(self.client, self.table, OrderId=order_id) or {}

    def is_in_flight(self, row: Mapping[str, Any]) -> bool:
        """Whether the mail that a row calls CLAIMED may still be sent."""
        return bool(row.get("SendingUntil", 0) > self.clock().timestamp())

    def claim(self, order_id: str, mail: str, before: Mapping[str, Any]) -> bool:
        """Claims a mail while the row is as it was read; False when it has changed.

        A mail whose claim ran out is UNSURE from now on: it may have been sent.
        """
        until = int((self.clock() + self.patience).timestamp()) + 1
        values: dict[str, Any] = {":claimed": _CLAIMED, ":until": until}
        unchanged = "attribute_not_exists(#SendingUntil)"
        lost = ""
        if "SendingUntil" in before:
            former = next(name for name, status in before.items() if status == _CLAIMED)
            unchanged = f"#{former} = :claimed AND #SendingUntil = :ran_out"
            lost = f", #{former} = :unsure"
            values |= {":ran_out": before["SendingUntil"], ":unsure": "UNSURE"}
        claimed = update(
            self.client,
            self.table,
            {"OrderId": order_id},
            f"SET #{mail} = :claimed, #SendingUntil = :until{lost}",
            values,
            f"attribute_not_exists(#{mail}) AND {unchanged}",
        )
        return claimed is not None

    def note(self, order_id: str, mail: str, status: str) -> None:
        """Notes what became of a claimed mail; who lost the claim meanwhile notes nothing."""
        self._end(order_id, mail, f"SET #{mail} = :status REMOVE", {":status": status})

    def free(self, order_id: str, mail: str) -> None:
        """Takes a claim back: nothing was sent."""
        self._end(order_id, mail, f"REMOVE #{mail},", {})

    def _end(self, order_id: str, mail: str, change: str, values: dict[str, str]) -> None:
        update(
            self.client,
            self.table,
            {"OrderId": order_id},
            f"{change} #SendingUntil",
            {**values, ":claimed": _CLAIMED},
            f"#{mail} = :claimed",
        )
