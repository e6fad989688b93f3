"""SweepOrders: helps orders that have waited for too long, and those whose reservation ran out."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.intake import wiring as intake_wiring
from handlers.orders import wiring as orders_wiring
from handlers.recovery import wiring
from handlers.recovery.rules.waiting_order_sweeper import PATIENCE, WaitingOrderSweeper
from handlers.shared.adapters.dynamodb import Row
from handlers.shared.batches import each_row
from handlers.shared.observability import entry_point, logger
from handlers.shared.rules.clock import timestamp, utc_now
from handlers.stock import wiring as stock_wiring


@entry_point
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Runs on a schedule; returns `{orders, reservations}`, how many had waited for too long.

    Raises:
        SweepIncomplete: some orders could not be helped; the next run finds them again.
    """
    waiting = intake_wiring.pending_order_rows().waiting(before=timestamp(utc_now() - PATIENCE))
    try:
        orders = each_row(waiting, _sweep_order)
    finally:  # an order that fails holds up no reservation
        expired = stock_wiring.reservations().expired(int(utc_now().timestamp()))
        reservations = each_row(expired, _sweep_reservation)
    return {"orders": orders, "reservations": reservations}


def _sweep_order(row: Row) -> None:
    swept = order_sweeper().handle(row["OrderId"])
    logger.info("waiting order swept", extra={"swept": swept})


def _sweep_reservation(row: Row) -> None:
    swept = order_sweeper().reserved(row)
    logger.info("reservation swept", extra={"swept": swept})


@cache
def order_sweeper() -> WaitingOrderSweeper:
    """Build what helps orders that have waited for too long."""
    return WaitingOrderSweeper(
        orders=intake_wiring.pending_order_rows(),
        executions=wiring.executions(),
        machine=intake_wiring.order_machine(),
        queue=intake_wiring.purchase_queue(),
        reconciliation=wiring.order_reconciliation(),
        closer=wiring.order_closer(),
        reviews=orders_wiring.reviews(),
        clock=utc_now,
    )
