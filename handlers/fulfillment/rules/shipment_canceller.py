"""Cancelling the shipments of which a part was not done, and opening a review of each.

The row comes first: once it is CANCELLED, nothing of the attempt takes effect any more. Then the
centre hears, if it may have heard of the attempt. A shipment of which both parts took effect after
all, late or by another execution, is done and stays so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from handlers.fulfillment.rules.center_messages import Centers, cancellation
from handlers.fulfillment.rules.shipment import Shipment
from handlers.fulfillment.rules.shipment_states import CANCELLED, unheard_cancellation
from handlers.orders.rules.ports import Row
from handlers.orders.rules.reviews import Review, Reviews

_RESUME = "start <orderId>-<n>: it does only what is missing"
_TO_DO = {"OutOfStock": f"find the missing pieces or correct the Inventory row, then {_RESUME}"}
_FIND_CAUSE = f"find the cause, then {_RESUME}"


class CancelledShipments(Protocol):
    """The Shipments table."""

    def cancel(self, shipment: Shipment) -> Row:
        """Ends the attempt unless it is done; returns the row as it stands."""
        ...

    def mark_cancel_sent(self, shipment: Shipment) -> None:
        """Notes that the centre heard of the cancellation, while the attempt is the latest."""
        ...


@dataclass(frozen=True)
class Failure:
    """A part of a shipment that was not done: the state's name, and why."""

    step: str
    error: str
    cause: str

    def __str__(self) -> str:
        """A sentence; the causes of Step Functions' own errors may quote data, so they are not."""
        why = self.error if self.error.startswith("States.") else f"{self.error}: {self.cause}"
        return f"{self.step}: {why}"


@dataclass(frozen=True)
class CancellingShipments:
    """What cancelling needs."""

    shipments: CancelledShipments
    centers: Centers
    reviews: Reviews

    def cancel(self, shipment: Shipment, failures: Sequence[Failure], execution: str) -> bool:
        """Cancels a shipment, once, and opens its review; False when it is done, and stays so.

        Args:
            shipment: a group of which a part was not done.
            failures: those parts.
            execution: the ARN of the execution that failed.

        Raises:
            ServiceUnavailable: the queue; the same call again is safe.
        """
        row = self.shipments.cancel(shipment)
        cancelled = bool(row["Attempt"] != shipment.attempt or row["SendStatus"] == CANCELLED)
        recalled = cancelled and self._recall(shipment, row)
        self.reviews.open(
            Review(
                order_id=shipment.order_id,
                step=review_step(shipment),
                execution=execution,
                reason="ProcessingError",
                cause="; ".join(map(str, failures)),
                to_do=_to_do(failures),
                done=_done(row, cancelled, recalled),
                customer_id=shipment.customer_id,
            )
        )
        return cancelled

    def _recall(self, shipment: Shipment, row: Row) -> bool:
        """Sends the centre what it may not ship; whether it had heard of any.

        A later attempt's row was planned after this one's end, and recalls it itself.
        """
        if row["Attempt"] != shipment.attempt:
            return True
        unheard = unheard_cancellation(row)
        if unheard is not None:
            self.centers.send(cancellation(replace(shipment, attempt=unheard)))
            self.shipments.mark_cancel_sent(shipment)
        return "RequestedAt" in row


def review_step(shipment: Shipment) -> str:
    """What the review of a shipment is called; a later attempt's failure is another one."""
    step = f"Fulfill {shipment.center}"
    return step if shipment.attempt == 1 else f"{step}, attempt {shipment.attempt}"


def parse_failures(parts: Sequence[Mapping[str, Any]]) -> list[Failure]:
    """The parts that were not done, of those that the state machine reports."""
    return [
        Failure(str(part["step"]), str(part.get("error", "")), str(part.get("cause", "")))
        for part in parts
        if part.get("done") is not True
    ]


def _to_do(failures: Sequence[Failure]) -> str:
    known = [_TO_DO[failure.error] for failure in failures if failure.error in _TO_DO]
    return known[0] if known else _FIND_CAUSE


def _done(row: Row, cancelled: bool, recalled: bool) -> str:
    stock = "stock taken" if "InventoryUpdatedAt" in row else "no stock taken"
    if not cancelled:
        return f"{stock}; request sent: the shipment is on its way"
    return f"{stock}; {'request cancelled' if recalled else 'nothing requested'}"
