"""RequestShipping: asks whether an order can be shipped, and waits for the callback."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import checkout_wiring
from handlers.domain.callbacks import Step
from handlers.observability import about, entry_point
from handlers.requests import order_id
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
    cart, address = text(order, "cartId"), text(order, "address")
    items = [
        {"itemId": item["itemId"], "quantity": item["quantity"]} for item in field(order, "items")
    ]

    def request(callback_url: str) -> None:
        checkout_wiring.shipping_service().request(identity, cart, address, items, callback_url)

    ask(Step.SHIPPING, identity, text(event, "taskToken"), request)
    return {}
