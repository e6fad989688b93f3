"""Starts fulfillment for the orders that were paid, once each."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.fulfillment.adapters.fulfillment_machine import FulfillmentMachine
from handlers.orders import wiring as orders_wiring
from handlers.orders.rules.states import PROCESSED
from handlers.shared.adapters.clients import client
from handlers.shared.batches import each_message
from handlers.shared.bus_events import parse_event
from handlers.shared.environment import variable
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.task_input import order_id

PAID = ("OrderProcessed", "OrderConfirmed")


@entry_point
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Takes an SQS batch of events of the orders' bus; returns the messages to bring again."""
    return each_message(event, context, _start)


def _start(body: str) -> None:
    event = parse_event(body)
    order = order_id(event.detail)
    about(order)
    started = event.detail_type in PAID and _is_paid(order)
    if started:
        started = fulfillment_machine().start(order)
    known = {"detailType": event.detail_type, "started": started}
    logger.info("event handled", extra=known)


def _is_paid(order: str) -> bool:
    """Whether the order's row, read now, still says what the event did."""
    row = orders_wiring.order_rows().read(order) or {}
    return row.get("State") == PROCESSED


@cache
def fulfillment_machine() -> FulfillmentMachine:
    """Build fulfillment's state machine."""
    return FulfillmentMachine(client("stepfunctions"), variable("FULFILLMENT_STATE_MACHINE_ARN"))
