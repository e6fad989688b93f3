"""What finishes an order when its own machine could not."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from components.aws.event_queue import event_queue
from components.aws.function import PythonFunction
from components.aws.grants import Statement
from components.aws.queue import Queue
from components.aws.schedule import Schedule
from components.aws.workflow import Workflow
from components.orders.events import OrderEvents
from components.orders.functions import OrderCode
from components.orders.simulated_gateway import SimulatedGateway
from components.orders.tables import OrderStore, closing_environment

UNHAPPY = ("FAILED", "TIMED_OUT", "ABORTED")
SWEEP = "rate(5 minutes)"
SWEEP_SECONDS = 290
"""What one run may take: the next one begins after it."""


class RecoveryArgs(TypedDict):
    """The machines whose executions are reconciled, and what their orders are made of.

    `workflows` says by which reconciliation of the reconciler each machine's executions are
    finished: its name in `handlers/recovery/reconcile_order.py`. A machine that is not here is
    ignored.
    """

    code: OrderCode
    store: OrderStore
    events: OrderEvents
    gateway: SimulatedGateway
    workflows: Mapping[str, Workflow]
    purchases: Queue


class Recovery(pulumi.ComponentResource):
    """The reconciler, and the sweeps of executions and of orders.

    The reconciler finishes the order of every execution that did not succeed. Since status events
    are best effort, a sweep lists such executions for it; another finds orders that wait for too
    long, and reservations that ran out.
    """

    def __init__(
        self, name: str, args: RecoveryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:Recovery", name, None, opts)
        self._args = args
        queue = self._unhappy_executions()
        self._reconciler(queue)
        self._execution_sweep(queue)
        self._order_sweep()
        self.register_outputs({})

    def _unhappy_executions(self) -> Queue:
        ended = {
            "source": ["aws.states"],
            "detail-type": ["Step Functions Execution Status Change"],
            "detail": {
                "status": list(UNHAPPY),
                "stateMachineArn": [workflow.arn for workflow in self._workflows],
            },
        }
        alarms = self._args["events"].support
        return event_queue("unhappy-executions", {"pattern": ended, "alarms": alarms}, self)

    def _reconciler(self, queue: Queue) -> None:
        store = self._args["store"]
        self._args["code"].function(
            "recovery.reconcile_order",
            [
                *self._allow_close(),
                store.orders.allow("PutItem"),
                store.reservations.allow("PutItem"),
                store.carts.allow("GetItem"),
                *_allow_describe(self._workflows),
            ],
            {**self._environment, **self._machines},
            self,
            queue,
            batch_size=1,
        )

    def _execution_sweep(self, queue: Queue) -> None:
        self._sweep(
            "recovery.sweep_executions",
            [
                queue.allow_send(),
                *(workflow.allow_list_executions() for workflow in self._workflows),
            ],
            {"UNHAPPY_QUEUE_URL": queue.url, **self._machines},
        )

    def _order_sweep(self) -> None:
        store, purchases = self._args["store"], self._args["purchases"]
        processing = self._args["workflows"]["order_processing"]
        self._sweep(
            "recovery.sweep_orders",
            [
                *self._allow_close(),
                *_allow_describe([processing, self._args["workflows"]["checkout"]]),
                store.orders.allow("Query", index="WaitingOrders"),
                store.reservations.allow("Query", index="ExpiringReservations"),
                store.reservations.allow("PutItem"),
                purchases.allow_send(),
            ],
            {
                **self._environment,
                "PURCHASE_QUEUE_URL": purchases.url,
                "ORDER_STATE_MACHINE_ARN": processing.arn,
            },
        )

    def _sweep(
        self, module: str, allowed: list[Statement], environment: Mapping[str, pulumi.Input[str]]
    ) -> PythonFunction:
        function = self._args["code"].function(
            module, allowed, environment, self, watched=True, timeout=SWEEP_SECONDS
        )
        Schedule(
            module.rpartition(".")[2].replace("_", "-"),
            {"rate": SWEEP, "function": function},
            pulumi.ResourceOptions(parent=self),
        )
        return function

    @property
    def _workflows(self) -> list[Workflow]:
        return list(self._args["workflows"].values())

    @property
    def _machines(self) -> dict[str, pulumi.Input[str]]:
        """By which reconciliation each machine's executions are finished, by the machine's ARN."""
        kinds = list(self._args["workflows"])
        arns = pulumi.Output.all(*(workflow.arn for workflow in self._workflows))
        by_arn = arns.apply(lambda found: dict(zip(found, kinds, strict=True)))
        return {"RECONCILED_MACHINES": pulumi.Output.json_dumps(by_arn, sort_keys=True)}

    @property
    def _environment(self) -> dict[str, pulumi.Input[str]]:
        return {**self._args["gateway"].environment, **closing_environment(self._args["store"])}

    def _allow_close(self) -> list[Statement]:
        """To fence, compensate and close an order that has a row or a reservation."""
        store = self._args["store"]
        return [
            self._args["gateway"].allow_payments(),
            store.orders.allow("GetItem", "UpdateItem"),
            store.reservations.allow("GetItem", "UpdateItem"),
            store.inventory.allow("UpdateItem"),
            store.manual_review.allow("PutItem", "Query", "UpdateItem"),
            store.carts.allow("UpdateItem"),
            store.pending_callbacks.allow("UpdateItem"),
        ]


def _allow_describe(workflows: Sequence[Workflow]) -> list[Statement]:
    return [workflow.allow_describe_executions() for workflow in workflows]
