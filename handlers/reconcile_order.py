"""Finishes the order of an execution that did not succeed, where the machine could not."""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import checkout_wiring, fulfillment_wiring, wiring
from handlers.adapters.executions import Execution, document
from handlers.batches import each_message
from handlers.bus_events import BusEvent, parse_event
from handlers.domain.conclusion import Conclusion
from handlers.domain.errors import InvalidOrder
from handlers.domain.fulfillment_recovery import FulfillmentRecovery, fulfilled_order_id
from handlers.domain.order_ids import is_order_id
from handlers.domain.recovery import EndedExecution, Verdict
from handlers.domain.unnamed_recovery import UnnamedRecovery
from handlers.observability import about, entry_point, logger

_Recovery = Conclusion | FulfillmentRecovery | UnnamedRecovery
_NO_SESSION = "SessionNotFound"  # only fulfillment's machine raises it


@entry_point
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Takes an SQS batch of "Step Functions Execution Status Change" events.

    Returns:
        The messages to bring again.
    """
    return each_message(event, context, _reconcile)


def _reconcile(body: str) -> None:
    event = parse_event(body)
    arn = event.text("executionArn")
    execution = _execution(event, arn)
    ended = EndedExecution(execution.input, arn, execution.status, execution.error, execution.cause)
    recovery = _recovery(ended)
    verdict = recovery.reconcile(ended) if recovery else Verdict.NOTHING_DONE
    logger.info("execution reconciled", extra={"verdict": verdict, "status": execution.status})


def _recovery(ended: EndedExecution) -> _Recovery | None:
    """What finishes such an execution.

    A checkout's input has its cart, a fulfillment's its session, and an order's its id; whichever
    has none of them names no order.

    Returns:
        None for a checkout or a fulfillment that refused its own input, and told whom it had to:
        whatever id stands there is no order of its.
    """
    if ended.error == _NO_SESSION:
        return None
    if "CartId" in ended.order:
        return wiring.conclusion(checkout_wiring.recovery())
    if "SessionId" in ended.order:
        about(fulfilled_order_id(ended))
        return fulfillment_wiring.recovery()
    if ended.error == InvalidOrder.__name__:
        return None
    return _order_recovery(ended)


def _order_recovery(ended: EndedExecution) -> _Recovery:
    if not is_order_id(ended.order.get("orderId")):
        about(ended.name)
        return wiring.unnamed_recovery()
    about(ended.order_id)
    return wiring.conclusion(wiring.recovery())


def _execution(event: BusEvent, arn: str) -> Execution:
    """The execution as the event tells it; an event leaves out an input that is too large."""
    told = event.detail
    if told.get("input") is None or not told.keys() >= {"error", "cause"}:
        return wiring.executions().describe(arn)
    return Execution(event.text("status"), document(told["input"]), told["error"], told["cause"])
