"""Notes on an order's row that its outcome was told, once the event has come round the bus."""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import wiring
from handlers.batches import each_message
from handlers.bus_events import parse_event
from handlers.observability import about, entry_point, logger


@entry_point
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Takes an SQS batch of events of the orders' bus; returns the messages to bring again."""
    return each_message(event, context, _mark)


def _mark(body: str) -> None:
    event = parse_event(body)
    order_id = event.text("orderId")
    about(order_id)
    marked = wiring.orders().mark_published(order_id, event.detail_type, event.time)
    known = {"detailType": event.detail_type, "marked": marked}
    logger.info("event came round the bus", extra=known)
