"""SweepOrders: helps orders that have waited for too long, and those whose reservation ran out."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import intake_wiring, wiring
from handlers.adapters.dynamodb import Row
from handlers.batches import each_row
from handlers.domain.clock import timestamp, utc_now
from handlers.domain.waiting_orders import PATIENCE
from handlers.observability import entry_point, logger


@entry_point
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Runs on a schedule; returns `{orders, reservations}`, how many had waited for too long.

    Raises:
        SweepIncomplete: some orders could not be helped; the next run finds them again.
    """
    waiting = intake_wiring.orders().waiting(before=timestamp(utc_now() - PATIENCE))
    try:
        orders = each_row(waiting, _sweep_order)
    finally:  # an order that fails holds up no reservation
        expired = wiring.stock().expired(int(utc_now().timestamp()))
        reservations = each_row(expired, _sweep_reservation)
    return {"orders": orders, "reservations": reservations}


def _sweep_order(row: Row) -> None:
    swept = intake_wiring.order_sweeper().handle(row["OrderId"])
    logger.info("waiting order swept", extra={"swept": swept})


def _sweep_reservation(row: Row) -> None:
    swept = intake_wiring.order_sweeper().reserved(row)
    logger.info("reservation swept", extra={"swept": swept})
