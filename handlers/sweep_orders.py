"""Sees to the orders that have waited for too long."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import intake_wiring
from handlers.adapters.dynamodb import Row
from handlers.batches import each_row
from handlers.domain.clock import timestamp, utc_now
from handlers.domain.sweeping import PATIENCE
from handlers.observability import entry_point, logger


@entry_point
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Runs on a schedule; returns `{orders}`, how many had waited for too long.

    Raises:
        SweepIncomplete: some orders could not be seen to; the next run finds them again.
    """
    late = intake_wiring.orders().waiting(before=timestamp(utc_now() - PATIENCE))
    return {"orders": each_row(late, _sweep)}


def _sweep(row: Row) -> None:
    swept = intake_wiring.sweeping().sweep(row["OrderId"])
    logger.info("waiting order swept", extra={"swept": swept})
