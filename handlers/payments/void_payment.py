"""VoidPayment: gives an order's money back, whether it was held or taken."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.payments import wiring
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.task_input import order_id


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, str]:
    """Takes `{orderId}`; returns `{result}`: VOIDED, REFUNDED or NOTHING.

    Raises:
        PaymentGatewayUnavailable: nobody knows yet; the same call again is safe.
    """
    order = order_id(event)
    about(order)
    result = wiring.gateway().void(order)
    logger.info("payment voided", extra={"result": result})
    return {"result": result}
