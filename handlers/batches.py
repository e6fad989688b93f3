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

from handlers.adapters.dynamodb import Row
from handlers.domain.errors import SweepIncomplete
from handlers.observability import about, logger


def each_message(
    event: dict[str, Any], context: LambdaContext, handle: Callable[[str], None]
) -> PartialItemFailureResponse:
    """Handles the bodies of an SQS batch; tells Lambda which messages are to come again."""

    def logged(record: SQSRecord) -> None:
        try:
            handle(record.body)
        except Exception as error:
            logger.error("message failed", extra=_where(error))
            raise

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, logged, processor, context)


def each_row(rows: Iterable[Row], handle: Callable[[Row], None]) -> int:
    """Handles the rows of a sweep, each an order's; returns how many.

    Raises:
        SweepIncomplete: at the end, when some failed; the function's alarm tells.
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
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
    return {"error": type(error).__name__, "where": place}
