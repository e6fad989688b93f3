"""What finishes an order when its own machine could not."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from components.event_queue import event_queue
from components.function import PythonFunction
from components.grants import Statement
from components.order_code import OrderCode
from components.order_events import OUTCOMES, REVIEW, OrderEvents, pattern
from components.order_store import OrderStore
from components.queue import Queue
from components.schedule import Schedule
from components.simulated_gateway import SimulatedGateway
from components.workflow import Workflow
from workflows import checkout

UNHAPPY = ("FAILED", "TIMED_OUT", "ABORTED")
SWEEP = "rate(5 minutes)"


class RecoveryArgs(TypedDict):
    """The machines whose executions are followed up, and what their orders are made of."""

    code: OrderCode
    store: OrderStore
    events: OrderEvents
    gateway: SimulatedGateway
    workflows: Sequence[Workflow]
    purchases: Queue
    order_workflow: Workflow
    checkout_workflow: Workflow


class Recovery(pulumi.ComponentResource):
    """The reconciler, the republisher and the sweeper of reservations.

    The reconciler reads how every execution that did not succeed ended, and finishes its
    compensation; the republisher tells outcomes that were recorded but not told; the sweeper
    finds reservations that expired without an execution to own them.
    """

    def __init__(
        self, name: str, args: RecoveryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:Recovery", name, None, opts)
        self._args = args
        self._reconciler()
        self._marker()
        self._republisher()
        self._sweeper()
        self._orders_sweeper()
        self.register_outputs({})

    def _reconciler(self) -> None:
        machines = [workflow.arn for workflow in self._args["workflows"]]
        ended = {
            "source": ["aws.states"],
            "detail-type": ["Step Functions Execution Status Change"],
            "detail": {"status": list(UNHAPPY), "stateMachineArn": machines},
        }
        alarms = self._args["events"].support
        queue = event_queue("unhappy-executions", {"pattern": ended, "alarms": alarms}, self)
        self._args["code"].function(
            "reconcile_order",
            [
                *self._allow_finish(),
                *self._allow_bury(),
                *_allow_describe(self._args["workflows"]),
                *[workflow.allow_read_histories() for workflow in self._reserving],
                self._args["store"].manual_review.allow("Query"),
            ],
            self._environment(),
            self,
            queue,
        )

    def _marker(self) -> None:
        events, store = self._args["events"], self._args["store"]
        queue = event_queue(
            "published-outcomes",
            {
                "pattern": pattern(*OUTCOMES, REVIEW),
                "bus": events.bus.name,
                "alarms": events.support,
            },
            self,
        )
        self._args["code"].function(
            "mark_published",
            [store.orders.allow("UpdateItem"), store.manual_review.allow("UpdateItem")],
            self._rows,
            self,
            queue,
        )

    def _republisher(self) -> None:
        events, store = self._args["events"], self._args["store"]
        self._sweep(
            "republish_outcomes",
            [
                store.orders.allow("Query", index="UnpublishedOutcomes"),
                store.orders.allow("GetItem", "UpdateItem"),
                store.manual_review.allow("Query", index="UntoldReviews"),
                store.manual_review.allow("UpdateItem"),
                events.bus.allow_put(),
            ],
            {**self._rows, "EVENT_BUS_NAME": events.bus.name},
        )

    def _sweeper(self) -> None:
        expiring = self._args["store"].reservations.allow("Query", index="ExpiringReservations")
        allowed = [*self._allow_finish(), *_allow_describe(self._reserving), expiring]
        self._sweep("sweep_reservations", allowed, self._environment())

    def _orders_sweeper(self) -> None:
        """What helps an order that waits for too long is any of what helps one that has a row."""
        store, purchases = self._args["store"], self._args["purchases"]
        self._sweep(
            "sweep_orders",
            [
                *self._allow_finish(),
                *_allow_describe(self._reserving),
                store.orders.allow("Query", index="WaitingOrders"),
                store.reservations.allow("PutItem"),
                purchases.allow_send(),
            ],
            {
                **self._environment(),
                "SESSIONS_TABLE": store.sessions.name,
                "PURCHASE_QUEUE_URL": purchases.url,
                "ORDER_STATE_MACHINE_ARN": self._args["order_workflow"].arn,
            },
        )

    def _sweep(
        self, module: str, allowed: list[Statement], environment: Mapping[str, pulumi.Input[str]]
    ) -> PythonFunction:
        function = self._args["code"].function(module, allowed, environment, self, watched=True)
        Schedule(
            module.replace("_", "-"),
            {"rate": SWEEP, "function": function},
            pulumi.ResourceOptions(parent=self),
        )
        return function

    @property
    def _reserving(self) -> list[Workflow]:
        """The machines that reserve stock: of another's executions no sweeper has to know."""
        return [self._args["order_workflow"], self._args["checkout_workflow"]]

    @property
    def _rows(self) -> dict[str, pulumi.Input[str]]:
        """The tables whose rows are told on the bus."""
        store = self._args["store"]
        return {
            "ORDERS_TABLE": store.orders.name,
            "MANUAL_REVIEW_TABLE": store.manual_review.name,
        }

    def _environment(self) -> dict[str, pulumi.Input[str]]:
        store = self._args["store"]
        return {
            **self._args["gateway"].environment,
            **self._rows,
            "RESERVATIONS_TABLE": store.reservations.name,
            "INVENTORY_TABLE": store.inventory.name,
            "CARTS_TABLE": store.carts.name,
            "PENDING_CALLBACKS_TABLE": store.pending_callbacks.name,
            "EVENT_BUS_NAME": self._args["events"].bus.name,
            "OUTSIDE_SERVICES": "simulated",
            "CHECKOUT_SECONDS": str(checkout.TIMEOUT_SECONDS),
        }

    def _allow_bury(self) -> list[Statement]:
        """To write what never came to be, so that nothing that lands late finds its place free."""
        store = self._args["store"]
        return [
            store.orders.allow("PutItem"),
            store.reservations.allow("PutItem"),
            store.carts.allow("GetItem", "PutItem"),
        ]

    def _allow_finish(self) -> list[Statement]:
        """To fence, undo and tell an order that has a row or a reservation."""
        store = self._args["store"]
        return [
            self._args["gateway"].allow_payments(),
            store.orders.allow("GetItem", "UpdateItem"),
            store.reservations.allow("GetItem", "UpdateItem"),
            store.inventory.allow("UpdateItem"),
            store.manual_review.allow("GetItem", "UpdateItem"),
            store.carts.allow("UpdateItem"),
            store.pending_callbacks.allow("UpdateItem"),
            self._args["events"].bus.allow_put(),
        ]


def _allow_describe(workflows: Sequence[Workflow]) -> list[Statement]:
    return [workflow.allow_describe_executions() for workflow in workflows]
