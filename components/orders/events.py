"""Where the outcomes of orders are published."""

from typing import NotRequired, TypedDict

import pulumi

from components.aws.event_bus import EventBus
from components.aws.event_rule import EventRule
from components.aws.key import Key
from components.aws.queue import DeadLetters
from components.aws.topic import Topic

OUTCOMES = (
    "OrderProcessed",
    "OrderRejected",
    "OrderConfirmed",
    "PaymentFailed",
    "ShippingFailed",
    "OrderFulfilled",
    "PaymentNotReceived",
    "OrderCancelled",
)
"""The events about an order's outcome."""

REVIEW = "ManualReviewRequired"
"""The event about a new review, which alerts support."""


def pattern(*detail_types: str) -> dict[str, list[str]]:
    """The event pattern of this project's own events of the given types."""
    return {"source": ["orders"], "detail-type": list(detail_types)}


class OrderEventsArgs(TypedDict):
    """`support_email`, when given, is subscribed to SupportAlerts."""

    support_email: NotRequired[str]


class OrderEvents(pulumi.ComponentResource):
    """The bus, and its OrderNotifications and SupportAlerts topics.

    Every outcome goes whole to OrderNotifications; what needs a human, and every alarm, to
    SupportAlerts. An event that a topic will not take is kept in a queue.
    """

    bus: EventBus
    notifications: Topic
    support: Topic

    def __init__(
        self, name: str, args: OrderEventsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:OrderEvents", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.bus = EventBus("Orders", child)
        outcomes = EventRule(
            "order-outcomes", {"bus": self.bus.name, "pattern": pattern(*OUTCOMES)}, child
        )
        review = EventRule(
            "manual-reviews",
            {"bus": self.bus.name, "pattern": pattern(REVIEW)},
            child,
        )
        key = Key(
            "topics",
            {
                "description": "Encrypts the topics that EventBridge and CloudWatch publish to",
                "services": ["events.amazonaws.com", "cloudwatch.amazonaws.com"],
            },
            child,
        )
        self.notifications = Topic("OrderNotifications", {"key": key.arn, "events": True}, child)
        self.support = Topic(
            "SupportAlerts",
            {
                "key": key.arn,
                "events": True,
                "alarms": True,
                "email": args.get("support_email", ""),
            },
            child,
        )
        kept = DeadLetters(
            "undelivered-events",
            {"rules": [outcomes.arn, review.arn], "alarms": self.support},
            child,
        )
        outcomes.deliver("notifications", self.notifications.arn, kept.arn)
        review.deliver("support", self.support.arn, kept.arn)
        self.register_outputs({})
