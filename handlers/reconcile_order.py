"""ReconcileOrder: finishes the orders of executions that ended without success."""

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import checkout_wiring, fulfillment_wiring, wiring
from handlers.batches import each_delivery
from handlers.bus_events import parse_event
from handlers.domain.executions import machine_of
from handlers.domain.reconciliation import Reconciliation
from handlers.observability import about, entry_point, logger
from handlers.settings import ReconcilerSettings, parse

RECONCILIATIONS: Mapping[str, Callable[[], Reconciliation]] = {
    "order_processing": checkout_wiring.order_reconciliation,
    "checkout": checkout_wiring.reconciliation,
    "fulfillment": fulfillment_wiring.reconciliation,
}
"""How a machine's executions are reconciled, by the name that its declaration gives."""


@entry_point
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Takes an SQS batch of "Step Functions Execution Status Change" events.

    Returns:
        The messages to bring again.
    """
    return each_delivery(event, context, _reconcile)


def _reconcile(body: str, last: bool) -> None:
    """The event only names the execution: how that ended is asked, if its machine is known."""
    execution = parse_event(body).text("executionArn")
    kind = parse(ReconcilerSettings).machines.get(machine_of(execution))
    if kind is None:
        logger.info("execution of an unknown machine ignored", extra={"execution": execution})
        return
    ended = wiring.executions().describe(execution)
    about(ended.own_order or ended.session_order or ended.name)
    if not ended.is_unhappy:
        logger.info("execution ignored", extra={"status": ended.status})
        return
    reconciled = RECONCILIATIONS[kind]().reconcile(ended, last=last)
    logger.info("execution reconciled", extra={"reconciled": reconciled, "status": ended.status})
