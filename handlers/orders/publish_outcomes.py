"""PublishOutcomes: publishes orders' outcomes and new reviews, from the changes of their rows."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.orders.adapters.event_bus import Events
from handlers.orders.adapters.table_changes import change
from handlers.orders.adapters.unpublished import UnpublishedOutcomes
from handlers.orders.rules.publisher import OutcomePublisher
from handlers.shared.adapters.clients import client
from handlers.shared.environment import variable
from handlers.shared.observability import about, entry_point, logger

ENOUGH_MILLISECONDS = 13_000
"""The time that a call of the bus takes at most: see `adapters.aws`."""


@entry_point
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Takes a batch of a table's stream, in order; returns where it is to begin again, if anywhere.

    Lambda brings the named record and all after it again (AWS, "Configuring partial batch response
    with DynamoDB and Lambda"): the order of an item's events is kept. A slow bus is left before the
    function's time is up, after one record at least, or all of the batch would be published again.
    """
    for place, record in enumerate(event["Records"]):
        if place and context.get_remaining_time_in_millis() < ENOUGH_MILLISECONDS:
            logger.info("the rest of the batch comes again", extra={"handled": place})
            return _from(record)
        try:
            _publish(record)
        except Exception as error:
            logger.error("change not published", extra={"error": type(error).__name__})
            return _from(record)
    return {"batchItemFailures": []}


def _from(record: dict[str, Any]) -> PartialItemFailureResponse:
    return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}


def _publish(record: dict[str, Any]) -> None:
    found = change(record, _tables())
    about(str(found.key["OrderId"]))
    published = publisher().publish(found)
    logger.info("change handled", extra={"published": published, "table": found.table})


@cache
def _tables() -> dict[str, str]:
    return {
        variable("ORDERS_TABLE"): "CustomerOrders",
        variable("MANUAL_REVIEW_TABLE"): "ManualReview",
    }


@cache
def publisher() -> OutcomePublisher:
    """The bus, and the queue of what it does not take."""
    url = variable("UNPUBLISHED_QUEUE_URL")
    kept = UnpublishedOutcomes(client("sqs"), url)
    bus = Events(client("events"), variable("EVENT_BUS_NAME"))
    return OutcomePublisher(bus, kept.add)
