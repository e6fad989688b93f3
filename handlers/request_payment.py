"""RequestPayment: asks the payment service for an order's money, and waits for its callback."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import checkout_wiring
from handlers.domain.callbacks import Step
from handlers.observability import about, entry_point
from handlers.requests import amount_request, order_id
from handlers.shared.rules.fields import field, text
from handlers.waiting import ask


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes `{order, taskToken}`; returns `{}`, and the task ends with `{status}` or an error.

    Raises:
        CheckoutClosed: the order has failed.
        ServiceUnavailable: nobody knows yet; the same call again is safe.
    """
    order = field(event, "order")
    identity = order_id(order)
    about(identity)
    asked = amount_request({**order, "amount": field(order, "orderTotal")})

    def request(callback_url: str) -> None:
        service = checkout_wiring.payment_service()
        service.request(identity, asked.amount, asked.currency, callback_url)

    ask(Step.PAYMENT, identity, text(event, "taskToken"), request)
    return {}
