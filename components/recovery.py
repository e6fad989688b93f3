"""What finishes an order when its own machine could not."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from components.event_rule import EventRule
from components.function import TIMEOUT_SECONDS, PythonFunction
from components.grants import Statement, allow
from components.order_code import OrderCode
from components.order_events import OUTCOMES, OrderEvents, pattern
from components.order_store import OrderStore
from components.queue import Queue
from components.schedule import Schedule
from components.simulated_gateway import SimulatedGateway
from components.workflow import Workflow

VISIBILITY_SECONDS = 6 * TIMEOUT_SECONDS
UNHAPPY = ("FAILED", "TIMED_OUT", "ABORTED")
SWEEP = "rate(5 minutes)"


class RecoveryArgs(TypedDict):
    """The machine whose executions are followed up, and what its orders are made of."""

    code: OrderCode
    store: OrderStore
    events: OrderEvents
    gateway: SimulatedGateway
    workflow: Workflow


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
        events, store, code = args["events"], args["store"], args["code"]
        ended = {
            "source": ["aws.states"],
            "detail-type": ["Step Functions Execution Status Change"],
            "detail": {"status": list(UNHAPPY), "stateMachineArn": [args["workflow"].arn]},
        }
        code.function(
            "reconcile_order",
            self._allow_reconcile(),
            self._environment(),
            self,
            self._queue(
                "unhappy-executions", EventRule("execution-ended", {"pattern": ended}, self._child)
            ),
        )
        outcomes = EventRule(
            "published-outcomes",
            {"bus": events.bus.name, "pattern": pattern(*OUTCOMES)},
            self._child,
        )
        code.function(
            "mark_published",
            [store.orders.allow("UpdateItem")],
            {"ORDERS_TABLE": store.orders.name},
            self,
            self._queue("published-outcomes", outcomes),
        )
        self._sweep(
            "republish_outcomes",
            [
                store.orders.allow("Query", index="UnpublishedOutcomes"),
                store.orders.allow("UpdateItem"),
                events.bus.allow_put(),
            ],
            {"ORDERS_TABLE": store.orders.name, "EVENT_BUS_NAME": events.bus.name},
        )
        self._sweep(
            "sweep_reservations",
            [
                *self._allow_reconcile(),
                store.reservations.allow("Query", index="ExpiringReservations"),
            ],
            self._environment(),
        )
        self.register_outputs({})

    @property
    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _queue(self, name: str, rule: EventRule) -> Queue:
        queue = Queue(
            name,
            {
                "visibility_timeout": VISIBILITY_SECONDS,
                "rules": [rule.arn],
                "alarms": self._args["events"].support,
            },
            self._child,
        )
        rule.deliver("queue", queue.arn, queue.dead_letter_arn)
        return queue

    def _sweep(
        self, module: str, allowed: list[Statement], environment: Mapping[str, pulumi.Input[str]]
    ) -> PythonFunction:
        function = self._args["code"].function(module, allowed, environment, self)
        Schedule(module.replace("_", "-"), {"rate": SWEEP, "function": function}, self._child)
        return function

    def _environment(self) -> dict[str, pulumi.Input[str]]:
        store = self._args["store"]
        return {
            **self._args["gateway"].environment,
            "ORDERS_TABLE": store.orders.name,
            "RESERVATIONS_TABLE": store.reservations.name,
            "INVENTORY_TABLE": store.inventory.name,
            "MANUAL_REVIEW_TABLE": store.manual_review.name,
            "EVENT_BUS_NAME": self._args["events"].bus.name,
        }

    def _allow_reconcile(self) -> list[Statement]:
        store = self._args["store"]
        executions = self._args["workflow"].arn.apply(
            lambda arn: arn.replace(":stateMachine:", ":execution:") + ":*"
        )
        return [
            self._args["gateway"].allow_payments(),
            store.orders.allow("GetItem", "UpdateItem"),
            store.reservations.allow("GetItem", "PutItem", "UpdateItem"),
            store.inventory.allow("UpdateItem"),
            store.manual_review.allow("UpdateItem"),
            self._args["events"].bus.allow_put(),
            allow("states", ["DescribeExecution"], executions),
        ]
