"""CancelShipments: cancels the groups of which a part was not done, and opens their reviews."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.fulfillment import wiring
from handlers.fulfillment.rules.shipment import Shipment, parse_shipment
from handlers.fulfillment.rules.shipment_canceller import CancellingShipments, parse_failures
from handlers.orders import wiring as orders_wiring
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.fields import field, text


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes `{groups, executionArn}`, each group with its `parts: [{step, done, error, cause}]`.

    Returns:
        `{cancelled, done}`: the fulfillment centres of either, where `done` are the groups of which
        both parts took effect after all, so they stay.

    Raises:
        Exception: whatever one of the groups raised, once all were tried; ServiceUnavailable and
            TableContended among them. The same call again is safe.
    """
    centers: dict[bool, list[str]] = {True: [], False: []}
    errors: list[Exception] = []
    execution = text(event, "executionArn")
    for group in field(event, "groups"):
        try:
            shipment = parse_shipment(group)
            about(shipment.order_id)
            centers[_cancel(shipment, group, execution)].append(shipment.center)
        except Exception as error:
            logger.error("shipment not cancelled", extra={"error": type(error).__name__})
            errors.append(error)
    if errors:
        raise errors[0]
    return {"cancelled": centers[True], "done": centers[False]}


def _cancel(shipment: Shipment, group: dict[str, Any], execution: str) -> bool:
    failures = parse_failures(field(group, "parts"))
    cancelled = shipment_canceller().cancel(shipment, failures, execution)
    known = {"cancelled": cancelled, "attempt": shipment.attempt}
    logger.info("shipment judged", extra=known)
    return cancelled


@cache
def shipment_canceller() -> CancellingShipments:
    """Build what cancels a shipment."""
    return CancellingShipments(wiring.shipments(), wiring.centers(), orders_wiring.reviews())
