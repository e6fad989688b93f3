"""Records and rows one by one: one that fails holds up no other, and is tried again."""

from collections.abc import Callable, Iterable
from pathlib import Path
from traceback import extract_tb
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.shared.adapters.dynamodb import Row
from handlers.shared.observability import about, logger
from handlers.shared.rules.errors import SweepIncomplete

LAST_RECEIVE = 5
"""How often a queue here brings a message before it goes to the dead letters."""


def each_message(
    event: dict[str, Any], context: LambdaContext, handle: Callable[[str], None]
) -> PartialItemFailureResponse:
    """Handles the bodies of an SQS batch; names to Lambda the messages that are to come again."""
    return _each(event, context, lambda record: handle(record.body))


def each_delivery(
    event: dict[str, Any], context: LambdaContext, handle: Callable[[str, bool], None]
) -> PartialItemFailureResponse:
    """Handles an SQS batch's bodies, each with whether it is the last time that it comes.

    After LAST_RECEIVE deliveries the queue gives a message up.
    """

    def last(record: SQSRecord) -> bool:
        return int(record.attributes.approximate_receive_count) >= LAST_RECEIVE

    return _each(event, context, lambda record: handle(record.body, last(record)))


def _each(
    event: dict[str, Any], context: LambdaContext, handle: Callable[[SQSRecord], None]
) -> PartialItemFailureResponse:
    def logged(record: SQSRecord) -> None:
        try:
            handle(record)
        except Exception as error:
            logger.error("message failed", extra=_where(error))
            raise

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, logged, processor, context)


def each_row(rows: Iterable[Row], handle: Callable[[Row], None]) -> int:
    """Handles the rows of a sweep, each an order's; returns how many.

    Raises:
        SweepIncomplete: at the end, when some failed; the function's alarm goes off.
    """
    count = failed = 0
    for row in rows:
        count += 1
        about(row["OrderId"])
        try:
            handle(row)
        except Exception as error:
            failed += 1
            logger.error("row failed", extra=_where(error))
    if failed:
        raise SweepIncomplete(f"{failed} of {count} rows failed; their orders are in the log")
    return count


def _where(error: Exception) -> dict[str, str]:
    """An error's name and our place; not its message, which may quote a parameter's value."""
    ours = [
        frame
        for frame in extract_tb(error.__traceback__)
        if "handlers" in Path(frame.filename).parts
    ]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "elsewhere"
    return {"error": type(error).__name__, "where": place}
