"""ReconcileOrder: finishes the orders of executions that ended without success."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.checkout import wiring as checkout_wiring
from handlers.orders import wiring as orders_wiring
from handlers.recovery import wiring
from handlers.recovery.rules.checkout_reconciliation import CheckoutReconciliation
from handlers.recovery.rules.ended_execution import machine_of
from handlers.recovery.rules.reconciliation import FulfillmentReconciliation, Reconciliation
from handlers.shared.batches import each_delivery
from handlers.shared.bus_events import parse_event
from handlers.shared.environment import json_object
from handlers.shared.observability import about, entry_point, logger


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
    kind = json_object("RECONCILED_MACHINES").get(machine_of(execution))
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


@cache
def checkout_reconciliation() -> CheckoutReconciliation:
    """Build what finishes checkouts."""
    return CheckoutReconciliation(checkout_wiring.attempts(), wiring.order_reconciliation())


@cache
def fulfillment_reconciliation() -> FulfillmentReconciliation:
    """Build what opens reviews of fulfillments that failed without one."""
    return FulfillmentReconciliation(orders_wiring.order_rows(), orders_wiring.reviews())


RECONCILIATIONS: Mapping[str, Callable[[], Reconciliation]] = {
    "order_processing": wiring.order_reconciliation,
    "checkout": checkout_reconciliation,
    "fulfillment": fulfillment_reconciliation,
}
"""Each machine's reconciliation, by the name that its declaration gives."""
