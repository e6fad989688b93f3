"""Notes on a row that its event was told, once the event has come round the bus."""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import wiring
from handlers.batches import each_message
from handlers.bus_events import BusEvent, parse_event
from handlers.domain.outcomes import REVIEW
from handlers.observability import about, entry_point, logger


@entry_point
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Takes an SQS batch of events of the orders' bus; returns the messages to bring again."""
    return each_message(event, context, _mark)


def _mark(body: str) -> None:
    event = parse_event(body)
    order_id = event.text("orderId")
    about(order_id)
    is_review = event.detail_type == REVIEW
    marked = _mark_review(order_id, event) if is_review else _mark_outcome(order_id, event)
    known = {"detailType": event.detail_type, "marked": marked}
    logger.info("event came round the bus", extra=known)


def _mark_outcome(order_id: str, event: BusEvent) -> bool:
    return wiring.orders().mark_published(order_id, event.detail_type, event.time)


def _mark_review(order_id: str, event: BusEvent) -> bool:
    """A call for a human about what has no order, or no review of its own, marks none."""
    steps = event.detail.get("reviews", [event.detail.get("step")])
    if not order_id or not isinstance(steps, list):
        return False
    named = [step for step in steps if isinstance(step, str)]
    marked = [wiring.reviews().mark_told(order_id, step, event.time) for step in named]
    return any(marked)
