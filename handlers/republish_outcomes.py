"""Tells again the outcomes that were recorded but never seen on the bus."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import wiring
from handlers.adapters.dynamodb import Row
from handlers.batches import each_row
from handlers.domain.clock import timestamp, utc_now
from handlers.domain.outcomes import outcome_event
from handlers.observability import entry_point, logger

# Longer than the machine takes to publish with its retries, and the event to come round.
PATIENCE = timedelta(minutes=5)


@entry_point
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Runs on a schedule; returns `{outcomes}`, how many were told again.

    Raises:
        SweepIncomplete: some could not be told; the next run finds them again.
    """
    late = wiring.orders().unpublished(before=timestamp(utc_now() - PATIENCE))
    return {"outcomes": each_row(late, _republish)}


def _republish(row: Row) -> None:
    event = outcome_event(row)
    if event is not None:
        wiring.events().publish(event)
        wiring.orders().mark_published(row["OrderId"], event.detail_type)
        logger.info("outcome published again", extra={"detailType": event.detail_type})
