"""PublishOutcomes: publishes orders' outcomes and new reviews, from the changes of their rows."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.adapters.aws import client
from handlers.adapters.events import Events
from handlers.adapters.table_changes import change
from handlers.adapters.unpublished import UnpublishedOutcomes
from handlers.domain.publishing import OutcomePublisher
from handlers.observability import about, entry_point, logger
from handlers.settings import (
    EventSettings,
    OrdersSettings,
    ReviewSettings,
    UnpublishedSettings,
    parse,
)


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> PartialItemFailureResponse:
    """Takes a batch of a table's stream, in order; returns where it is to begin again, if anywhere.

    Lambda brings the named record and all after it again (AWS, "Configuring partial batch response
    with DynamoDB and Lambda"): the order of an item's events is kept.
    """
    for record in event["Records"]:
        try:
            _publish(record)
        except Exception as error:
            logger.error("change not published", extra={"error": type(error).__name__})
            number = record["dynamodb"]["SequenceNumber"]
            return {"batchItemFailures": [{"itemIdentifier": number}]}
    return {"batchItemFailures": []}


def _publish(record: dict[str, Any]) -> None:
    found = change(record, _tables())
    about(str(found.key["OrderId"]))
    published = publisher().publish(found)
    logger.info("change handled", extra={"published": published, "table": found.table})


@cache
def _tables() -> dict[str, str]:
    return {
        parse(OrdersSettings).orders_table: "CustomerOrders",
        parse(ReviewSettings).manual_review_table: "ManualReview",
    }


@cache
def publisher() -> OutcomePublisher:
    """The bus, and the queue of what it does not take."""
    url = parse(UnpublishedSettings).unpublished_queue_url
    kept = UnpublishedOutcomes(client("sqs"), url)
    bus = Events(client("events"), parse(EventSettings).event_bus_name)
    return OutcomePublisher(bus, kept.add)
