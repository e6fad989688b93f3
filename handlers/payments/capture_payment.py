"""CapturePayment: takes the amount that was held for an order."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.orders import wiring as orders_wiring
from handlers.orders.rules.cancel_requests import require_as_accepted, require_not_cancelled
from handlers.payments import wiring
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.task_input import amount_request


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, str]:
    """Takes `{orderId, amount, currency}`; returns `{chargeId}`, the same on every repetition.

    Raises:
        InvalidOrder: another order was accepted under this id; nothing was taken.
        OrderCancelled: the customer does not want it any more; nothing was taken.
        PaymentVoided: the order was compensated before.
        PaymentGatewayUnavailable: nobody knows yet; the same call again is safe.
    """
    request = amount_request(event)
    about(request.order_id)
    row = orders_wiring.order_rows().read(request.order_id) or {}
    require_not_cancelled(row)
    require_as_accepted(row, request.amount, request.currency)
    charge = wiring.gateway().capture(request.order_id, request.amount, request.currency)
    logger.info("payment captured")
    return {"chargeId": charge}
