"""UpdateInventory: takes what a fulfillment centre ships out of the inventory, once."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.fulfillment import wiring
from handlers.fulfillment.adapters.shipment_stock import ShipmentStock
from handlers.fulfillment.rules.shipment import parse_shipment
from handlers.shared.environment import variable
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.fields import field


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes `{group}`; returns `{step, done: true}`.

    Raises:
        OutOfStock, StockInconsistent: there is too little, by products; nothing was taken.
        ShipmentCancelled: the attempt was cancelled.
        TableContended: other writers were in the way for too long; the same call again is safe.
    """
    shipment = parse_shipment(field(event, "group"))
    about(shipment.order_id)
    shipment_stock().take(shipment)
    logger.info("stock taken", extra={"attempt": shipment.attempt})
    return {"step": "UpdateInventory", "done": True}


@cache
def shipment_stock() -> ShipmentStock:
    """Build the inventory, as shipments take from it."""
    return ShipmentStock(wiring.shipments(), variable("INVENTORY_TABLE"))
