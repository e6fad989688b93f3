"""Mails to customers about the outcomes of their orders."""

from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.event_queue import event_queue
from components.aws.grants import allow
from components.orders.events import OUTCOMES, OrderEvents, pattern
from components.orders.functions import OrderCode
from components.orders.tables import OrderStore


class NotificationsArgs(TypedDict):
    """`sender` is the address that mails come from; SES must be allowed to send for it."""

    code: OrderCode
    store: OrderStore
    events: OrderEvents
    sender: str


class Notifications(pulumi.ComponentResource):
    """The bus's outcomes → a queue → the function that mails each at most once, through SES."""

    def __init__(
        self, name: str, args: NotificationsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:Notifications", name, None, opts)
        events, store = args["events"], args["store"]
        identity = aws.sesv2.EmailIdentity(
            "mail-sender",
            email_identity=args["sender"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        queue = event_queue(
            "mails",
            {
                "pattern": pattern(*OUTCOMES),
                "bus": events.bus.name,
                "alarms": events.support,
            },
            self,
        )
        args["code"].function(
            "notifications.notify_user",
            [
                store.orders.allow("GetItem"),
                store.notifications.allow("GetItem", "UpdateItem"),
                allow("ses", ["SendEmail"], identity.arn),
            ],
            {
                "ORDERS_TABLE": store.orders.name,
                "NOTIFICATIONS_TABLE": store.notifications.name,
                "MAIL_SENDER": args["sender"],
            },
            self,
            queue,
        )
        self.register_outputs({})
