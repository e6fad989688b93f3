"""Starts the state machine for the orders of PurchaseQueue."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.intake import wiring
from handlers.intake.rules.order_starter import Starting
from handlers.intake.rules.purchase_message import CardInMessage, parse_message
from handlers.payments import wiring as payments_wiring
from handlers.shared.batches import each_message
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.clock import utc_now


@entry_point
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Takes an SQS batch of `{orderId, customerId, itemList, orderTotal, currency, ...}`.

    Returns:
        The messages to bring again; in the end the queue gives those up.
    """
    return each_message(event, context, _start)


def _start(body: str) -> None:
    try:
        message = parse_message(body)
    except CardInMessage:
        # A dead-letter queue would keep the number for days; there is no order to reject.
        logger.error("message dropped: a card number, and no order's id")
        return
    about(message.order_id)
    started = order_starter().start(message)
    logger.info("message handled", extra={"started": started})


@cache
def order_starter() -> Starting:
    """Build what starts the machine for an order."""
    orders, machine = wiring.pending_order_rows(), wiring.order_machine()
    return Starting(orders, machine, payments_wiring.gateway(), utc_now)
