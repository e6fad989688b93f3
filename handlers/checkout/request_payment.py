"""RequestPayment: asks the payment service for an order's money, and waits for its callback."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.checkout.adapters.services import services
from handlers.checkout.request_and_wait import ask
from handlers.checkout.rules.answers import Step
from handlers.checkout.rules.services import PaymentService
from handlers.shared.environment import variable
from handlers.shared.observability import about, entry_point
from handlers.shared.rules.fields import field, text
from handlers.shared.rules.task_input import amount_request, order_id


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
        service = payment_service()
        service.request(identity, asked.amount, asked.currency, callback_url)

    ask(Step.PAYMENT, identity, text(event, "taskToken"), request)
    return {}


@cache
def payment_service() -> PaymentService:
    """Build the payment service that configuration names."""
    found = services(variable("OUTSIDE_SERVICES"))
    return found.payments(variable("SERVICE_REQUESTS_QUEUE_URL"))
