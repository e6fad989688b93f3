"""UpdateInventory: takes what a fulfillment centre ships out of the inventory, once."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import fulfillment_wiring
from handlers.domain.shipments import parse_shipment
from handlers.observability import about, entry_point, logger
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
    fulfillment_wiring.stock().take(shipment)
    logger.info("stock taken", extra={"attempt": shipment.attempt})
    return {"step": "UpdateInventory", "done": True}
