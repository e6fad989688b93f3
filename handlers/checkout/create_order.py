"""CreateOrder: makes a cart's checkout an order, with its stock reserved."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.checkout import wiring
from handlers.checkout.rules.checkout_request import normalized, parse_checkout
from handlers.orders.rules.errors import InvalidOrder
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.fields import field, text
from handlers.shared.rules.json_text import exact


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes `{checkout, executionArn}`, the checkout as it was posted; returns the order.

    Raises:
        InvalidOrder: the checkout has a wrong shape, or its cart is taken; nothing was written.
        PriceMismatch, OutOfStock: the catalogue or the stock refuses it; nothing was written.
        CheckoutClosed: the execution's attempt was failed before.
        TableContended: other writers were in the way for too long; the same call again is safe.
    """
    execution = text(event, "executionArn")
    try:
        checkout = parse_checkout(exact(field(event, "checkout")))
    except BadInput as error:
        raise InvalidOrder(str(error)) from None
    row = wiring.attempts().create(checkout, execution)
    about(row["OrderId"])
    logger.info("order created", extra={"attempt": row["Attempt"]})
    return normalized(row)
