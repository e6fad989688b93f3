"""SendToFulfillmentCenter: keeps a shipment's label and asks its centre to ship, once."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.fulfillment import wiring
from handlers.fulfillment.rules.shipment import parse_shipment
from handlers.fulfillment.rules.shipment_sender import Sending
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.fields import field


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes `{group}`; returns `{step, done: true, labelKey}`.

    Raises:
        ShipmentCancelled: the attempt was cancelled.
        ServiceUnavailable: the bucket or the queue; the same call again is safe.
        TableContended: other writers were in the way for too long; the same call again is safe.
    """
    shipment = parse_shipment(field(event, "group"))
    about(shipment.order_id)
    key = shipment_sender().send(shipment)
    logger.info("fulfillment centre told", extra={"attempt": shipment.attempt})
    return {"step": "SendToFulfillmentCenter", "done": True, "labelKey": key}


@cache
def shipment_sender() -> Sending:
    """Build what sends a shipment to its fulfillment centre."""
    return Sending(wiring.shipments(), wiring.labels(), wiring.centers())
