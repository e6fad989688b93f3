"""Fulfillment: the machine, its functions, what a warehouse reads, and what starts it all."""

import json
from collections.abc import Mapping
from typing import TypedDict

import pulumi

from components.aws.bucket import Bucket
from components.aws.event_queue import queue_behind
from components.aws.event_rule import EventRule
from components.aws.function import PythonFunction
from components.aws.queue import Queue
from components.aws.workflow import Workflow
from components.orders.events import OrderEvents, pattern
from components.orders.functions import OrderCode
from components.orders.settings import Settings
from components.orders.tables import OrderStore
from workflows.fulfillment import definition as fulfillment

Environment = Mapping[str, pulumi.Input[str]]

PAID = ("OrderProcessed", "OrderConfirmed")
LABELS = "labels/"
VISIBILITY_SECONDS = 300


class FulfillmentArgs(TypedDict):
    """What fulfillment works on."""

    code: OrderCode
    store: OrderStore
    events: OrderEvents
    settings: Settings


class Fulfillment(pulumi.ComponentResource):
    """Sends each fulfillment centre its part of a paid order.

    `requests` is the FIFO queue that warehouse systems read, `labels` the bucket of the shipping
    labels; `rule` starts an execution for every order that was paid.
    """

    workflow: Workflow
    requests: Queue
    labels: Bucket
    rule: EventRule

    def __init__(
        self, name: str, args: FulfillmentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:Fulfillment", name, None, opts)
        self._args = args
        child = pulumi.ResourceOptions(parent=self)
        self.requests = Queue(
            "fulfillment-requests",
            {
                "fifo": True,
                "visibility_timeout": VISIBILITY_SECONDS,
                "alarms": args["events"].support,
            },
            child,
        )
        self.labels = Bucket("labels", {}, child)
        self.rule = EventRule(
            "start-fulfillment",
            {"bus": args["events"].bus.name, "pattern": pattern(*PAID)},
            child,
        )
        self.workflow = self._workflow(name)
        self._starter()
        self._label_link()
        self.register_outputs({"arn": self.workflow.arn})

    def _plan_shipments(self) -> PythonFunction:
        store = self._args["store"]
        days = json.dumps(self._args["settings"].delivery_days, sort_keys=True)
        return self._args["code"].function(
            "fulfillment.plan_shipments",
            [
                store.orders.allow("GetItem"),
                store.reservations.allow("GetItem"),
                store.inventory.allow("BatchGetItem"),
                store.shipments.allow("PutItem", "Query"),
            ],
            {
                "ORDERS_TABLE": store.orders.name,
                "RESERVATIONS_TABLE": store.reservations.name,
                "INVENTORY_TABLE": store.inventory.name,
                "SHIPMENTS_TABLE": store.shipments.name,
                "DELIVERY_DAYS": days,
            },
            self,
        )

    def _update_inventory(self) -> PythonFunction:
        store = self._args["store"]
        return self._args["code"].function(
            "fulfillment.update_inventory",
            [
                store.shipments.allow("GetItem", "UpdateItem"),
                store.inventory.allow("UpdateItem"),
            ],
            {
                "SHIPMENTS_TABLE": store.shipments.name,
                "INVENTORY_TABLE": store.inventory.name,
            },
            self,
        )

    def _send_to_center(self) -> PythonFunction:
        return self._args["code"].function(
            "fulfillment.send_to_center",
            [
                self._args["store"].shipments.allow("GetItem", "UpdateItem"),
                self.labels.allow(["PutObject"], LABELS),
                self.requests.allow_send(),
            ],
            {**self._sending, "LABELS_BUCKET": self.labels.name},
            self,
        )

    def _cancel_shipments(self) -> PythonFunction:
        store = self._args["store"]
        return self._args["code"].function(
            "fulfillment.cancel_shipments",
            [
                store.shipments.allow("GetItem", "UpdateItem"),
                store.manual_review.allow("PutItem"),
                self.requests.allow_send(),
            ],
            {**self._sending, "MANUAL_REVIEW_TABLE": store.manual_review.name},
            self,
        )

    @property
    def _sending(self) -> Environment:
        return {
            "SHIPMENTS_TABLE": self._args["store"].shipments.name,
            "FULFILLMENT_QUEUE_URL": self.requests.url,
        }

    def _workflow(self, name: str) -> Workflow:
        store = self._args["store"]
        return Workflow(
            name,
            {
                "definition": fulfillment.definition,
                "resources": fulfillment.Resources,
                "names": {
                    "plan_shipments": self._plan_shipments().arn,
                    "update_inventory": self._update_inventory().arn,
                    "send_to_center": self._send_to_center().arn,
                    "cancel_shipments": self._cancel_shipments().arn,
                    "orders": store.orders.name,
                    "sessions": store.sessions.name,
                    "manual_review": store.manual_review.name,
                },
                "log_retention_days": self._args["settings"].log_retention_days,
                "alarms": self._args["events"].support,
            },
            pulumi.ResourceOptions(parent=self),
        )

    def _starter(self) -> None:
        """Paid orders → a queue → a function that starts one execution for each."""
        alarms = self._args["events"].support
        self._args["code"].function(
            "fulfillment.start_fulfillment",
            [self.workflow.allow_start(), self._args["store"].orders.allow("GetItem")],
            {
                "FULFILLMENT_STATE_MACHINE_ARN": self.workflow.arn,
                "ORDERS_TABLE": self._args["store"].orders.name,
            },
            self,
            queue_behind(self.rule, "start-fulfillment", alarms, self),
        )

    def _label_link(self) -> None:
        """A function that support invokes; a link is good for what the function may read."""
        self._args["code"].function(
            "fulfillment.link_label",
            [self.labels.allow(["GetObject"], LABELS)],
            {"LABELS_BUCKET": self.labels.name},
            self,
        )
