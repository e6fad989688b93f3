"""RequestShipping: asks whether an order can be shipped, and waits for the callback."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.checkout.adapters.services import services
from handlers.checkout.request_and_wait import ask
from handlers.checkout.rules.answers import Step
from handlers.checkout.rules.services import ShippingService
from handlers.shared.environment import variable
from handlers.shared.observability import about, entry_point
from handlers.shared.rules.fields import field, text
from handlers.shared.rules.task_input import order_id


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
    cart, address = text(order, "cartId"), text(order, "address")
    items = [
        {"itemId": item["itemId"], "quantity": item["quantity"]} for item in field(order, "items")
    ]

    def request(callback_url: str) -> None:
        shipping_service().request(identity, cart, address, items, callback_url)

    ask(Step.SHIPPING, identity, text(event, "taskToken"), request)
    return {}


@cache
def shipping_service() -> ShippingService:
    """Build the shipping service that configuration names."""
    found = services(variable("OUTSIDE_SERVICES"))
    return found.shipping(variable("SERVICE_REQUESTS_QUEUE_URL"))
