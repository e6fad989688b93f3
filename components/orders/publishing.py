"""Publishing: the changes of orders' and reviews' rows become events on the bus."""

from typing import TypedDict

import pulumi

from components.aws.queue import DeadLetters
from components.orders.events import OrderEvents
from components.orders.functions import OrderCode
from components.orders.tables import OrderStore


class PublishingArgs(TypedDict):
    """Whose changes are published, and where."""

    code: OrderCode
    store: OrderStore
    events: OrderEvents


class Publishing(pulumi.ComponentResource):
    """The streams of CustomerOrders and ManualReview → the one function that publishes.

    `unpublished` keeps the keys of changes that could not be published.
    """

    unpublished: DeadLetters

    def __init__(
        self, name: str, args: PublishingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:Publishing", name, None, opts)
        store, events = args["store"], args["events"]
        self.unpublished = DeadLetters(
            "unpublished-outcomes",
            {"alarms": events.support},
            pulumi.ResourceOptions(parent=self),
        )
        args["code"].function(
            "orders.publish_outcomes",
            [events.bus.allow_put()],
            {
                "ORDERS_TABLE": store.orders.name,
                "MANUAL_REVIEW_TABLE": store.manual_review.name,
                "EVENT_BUS_NAME": events.bus.name,
                "UNPUBLISHED_QUEUE_URL": self.unpublished.url,
            },
            self,
            streams={
                "tables": {"orders": store.orders, "reviews": store.manual_review},
                "failures": self.unpublished,
            },
        )
        self.register_outputs({"unpublishedUrl": self.unpublished.url})
