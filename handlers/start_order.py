"""Starts the state machine for the orders of PurchaseQueue."""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import intake_wiring
from handlers.batches import each_message
from handlers.domain.purchase_message import CardInMessage, parse_message
from handlers.observability import about, entry_point, logger


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
    started = intake_wiring.starting().start(message)
    logger.info("message handled", extra={"started": started})
