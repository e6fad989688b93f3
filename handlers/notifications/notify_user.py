"""NotifyUser: notifies customers by mail of how their orders ended."""

from datetime import timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.notifications.adapters.mail_claims import Notifications
from handlers.notifications.adapters.mailer import Mailer
from handlers.notifications.rules.notifier import CustomerNotifier
from handlers.orders import wiring as orders_wiring
from handlers.shared.adapters.clients import client, client_without_retries
from handlers.shared.batches import each_message
from handlers.shared.bus_events import parse_event
from handlers.shared.environment import variable
from handlers.shared.observability import about, entry_point, logger

PATIENCE = timedelta(seconds=20)
"""The function's own time limit; a claim is good for no longer."""


@entry_point
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Takes an SQS batch of events of the orders' bus; returns the messages to bring again."""
    return each_message(event, context, _notify)


def _notify(body: str) -> None:
    event = parse_event(body)
    order_id = event.text("orderId")
    about(order_id)
    notified = notifier().notify(event.detail_type, order_id)
    known = {"detailType": event.detail_type, "notified": notified}
    logger.info("event handled", extra=known)


@cache
def notifier() -> CustomerNotifier:
    """The orders, the claims and the mail service."""
    claims = Notifications(client("dynamodb"), variable("NOTIFICATIONS_TABLE"), PATIENCE)
    mailer = Mailer(client_without_retries("sesv2"), variable("MAIL_SENDER"))
    return CustomerNotifier(orders_wiring.order_rows(), claims, mailer)
