"""Tells again what was recorded but never seen on the bus: outcomes, and calls for a human."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import wiring
from handlers.adapters.dynamodb import Row
from handlers.batches import each_row
from handlers.domain.clock import timestamp, utc_now
from handlers.domain.outcomes import outcome_event, review_event
from handlers.observability import entry_point, logger

# Longer than the machine takes to publish with its retries, and the event to come round.
PATIENCE = timedelta(minutes=5)


@entry_point
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Runs on a schedule; returns `{rows}`, how many were told again.

    Raises:
        SweepIncomplete: some could not be told; the next run finds them again.
    """
    return {"rows": each_row(_late(timestamp(utc_now() - PATIENCE)), _republish)}


def _late(before: str) -> Iterator[Row]:
    return chain(wiring.reviews().untold(before), wiring.orders().unpublished(before))


def _republish(row: Row) -> None:
    if "Step" in row:
        _republish_review(row)
    else:
        _republish_outcome(row)


def _republish_review(review: Row) -> None:
    order_id, step = review["OrderId"], review["Step"]
    order = wiring.orders().read(order_id) or {"OrderId": order_id}
    wiring.events().publish(review_event(order, step, review["Failed"]))
    wiring.reviews().mark_told(order_id, step)
    logger.info("review called for again", extra={"step": step})


def _republish_outcome(order: Row) -> None:
    event = outcome_event(order)
    if event is not None:
        wiring.events().publish(event)
        wiring.orders().mark_published(order["OrderId"], event.detail_type)
        logger.info("outcome published again", extra={"detailType": event.detail_type})
