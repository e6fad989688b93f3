"""Finishes the orders whose reservation ran out while no execution owned it any more."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import checkout_wiring, wiring
from handlers.adapters.dynamodb import Row
from handlers.batches import each_row
from handlers.domain.clock import utc_now
from handlers.domain.recovery import EndedExecution
from handlers.observability import entry_point, logger


@entry_point
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Runs on a schedule; returns `{reservations}`, how many had run out.

    Raises:
        SweepIncomplete: some orders could not be finished; the next run finds them again.
    """
    expired = wiring.stock().expired(int(utc_now().timestamp()))
    return {"reservations": each_row(expired, _finish)}


def _finish(reservation: Row) -> None:
    arn = reservation["ExecutionArn"]
    execution = wiring.executions().describe(arn)
    if execution.may_still_act:
        logger.warning("reservation ran out under a running execution")
        return
    order = {**execution.input, "orderId": reservation["OrderId"]}
    ended = EndedExecution(order, arn, execution.status, execution.error, execution.cause)
    recovery = checkout_wiring.recovery() if "CartId" in reservation else wiring.recovery()
    verdict = recovery.sweep(ended)
    logger.info("reservation swept", extra={"verdict": verdict})
