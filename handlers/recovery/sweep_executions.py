"""SweepExecutions: lists executions that ended without success, for the reconciler.

Step Functions sends its status events on a best-effort basis (AWS, "Automating Step Functions event
delivery with EventBridge"): what no event was sent for is found here.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.recovery import wiring
from handlers.recovery.adapters.unhappy_executions import UnhappyExecutions
from handlers.shared.adapters.clients import client
from handlers.shared.environment import json_object, variable
from handlers.shared.observability import entry_point, logger
from handlers.shared.rules.clock import utc_now

LOOKS_BACK = timedelta(minutes=30)
"""Far enough that several runs of the schedule may fail; reconciling again changes nothing."""


@entry_point
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Runs on a schedule; returns `{executions}`, how many it passed on."""
    queue = UnhappyExecutions(client("sqs"), variable("UNHAPPY_QUEUE_URL"))
    count = queue.send(_unhappy())
    logger.info("executions listed", extra={"executions": count})
    return {"executions": count}


def _unhappy() -> Iterator[str]:
    since = utc_now() - LOOKS_BACK
    for machine in json_object("RECONCILED_MACHINES"):
        yield from wiring.executions().unhappy(machine, since)
