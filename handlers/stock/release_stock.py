"""ReleaseStock: puts an order's reserved stock back on hand."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.task_input import order_id
from handlers.stock import wiring


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, bool]:
    """Takes `{orderId}`; returns `{released}`: whether there was stock to give back.

    Raises:
        StockCommitted: the order is recorded, so its stock is the customer's.
        TableContended: other writers were in the way for too long; try again.
    """
    order = order_id(event)
    about(order)
    released = wiring.reservations().release(order)
    logger.info("stock released", extra={"released": released})
    return {"released": released}
