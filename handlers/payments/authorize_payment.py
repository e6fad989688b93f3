"""AuthorizePayment: holds an order's amount on the customer's card."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.payments import wiring
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.task_input import amount_request, token


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, str]:
    """Takes `{orderId, amount, currency, payment: {token}}`; returns `{authorizationId}`.

    Raises:
        PaymentNotVerified, PaymentDeclined: the payment is refused.
        PaymentGatewayUnavailable: nobody knows yet; the same call again is safe.
    """
    request = amount_request(event)
    about(request.order_id)
    authorization = wiring.gateway().authorize(
        request.order_id, request.amount, request.currency, token(event)
    )
    logger.info("payment authorized")
    return {"authorizationId": authorization}
