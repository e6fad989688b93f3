"""Purchase intake: orders come in by HTTP or from other systems, and wait in PurchaseQueue."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from components.aws.event_queue import VISIBILITY_SECONDS
from components.aws.function import PythonFunction
from components.aws.grants import Statement
from components.aws.http_api import HttpApi
from components.aws.queue import Queue
from components.aws.workflow import Workflow
from components.orders.events import OrderEvents
from components.orders.functions import OrderCode
from components.orders.settings import Settings
from components.orders.simulated_gateway import SimulatedGateway
from components.orders.tables import OrderStore, closing_environment

Environment = Mapping[str, pulumi.Input[str]]


class PurchaseIntakeArgs(TypedDict):
    """What intake works on; `workflow` processes the orders that it takes."""

    code: OrderCode
    store: OrderStore
    events: OrderEvents
    gateway: SimulatedGateway
    api: HttpApi
    workflow: Workflow
    settings: Settings


class PurchaseIntake(pulumi.ComponentResource):
    """Takes orders over HTTP, keeps them in a queue, and starts an execution for each."""

    queue: Queue

    def __init__(
        self, name: str, args: PurchaseIntakeArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:PurchaseIntake", name, None, opts)
        self._args = args
        self.queue = Queue(
            "PurchaseQueue",
            {"visibility_timeout": VISIBILITY_SECONDS, "alarms": args["events"].support},
            pulumi.ResourceOptions(parent=self),
        )
        api = args["api"]
        api.route("POST /orders", self._place_order())
        api.route("GET /orders/{orderId}", self._get_order())
        api.route("GET /customers/{customerId}/orders", self._list_orders())
        api.route("POST /orders/{orderId}/cancel", self._cancel_order())
        self._start_order()
        self.register_outputs({"queueUrl": self.queue.url})

    def _function(
        self,
        module: str,
        allow: Sequence[Statement],
        environment: Environment,
    ) -> PythonFunction:
        known = self._known(environment)
        return self._args["code"].function(module, allow, known, self, watched=True)

    def _known(self, environment: Environment) -> Environment:
        return {"ORDERS_TABLE": self._args["store"].orders.name, **environment}

    def _place_order(self) -> PythonFunction:
        store, gateway = self._args["store"], self._args["gateway"]
        return self._function(
            "intake.place_order",
            [
                store.orders.allow("GetItem", "PutItem", "UpdateItem"),
                store.idempotency_keys.allow("GetItem", "PutItem"),
                store.inventory.allow("BatchGetItem"),
                gateway.allow_cards(),
                self.queue.allow_send(),
            ],
            {
                **gateway.environment,
                "IDEMPOTENCY_TABLE": store.idempotency_keys.name,
                "INVENTORY_TABLE": store.inventory.name,
                "PURCHASE_QUEUE_URL": self.queue.url,
            },
        )

    def _get_order(self) -> PythonFunction:
        return self._function("intake.get_order", [self._args["store"].orders.allow("GetItem")], {})

    def _list_orders(self) -> PythonFunction:
        orders = self._args["store"].orders
        history = orders.allow("Query", index="CustomerOrderHistory")
        return self._function("intake.list_orders", [history, orders.allow("GetItem")], {})

    def _cancel_order(self) -> PythonFunction:
        store, gateway = self._args["store"], self._args["gateway"]
        return self._function(
            "cancellation.cancel_order",
            [
                store.orders.allow("GetItem", "UpdateItem"),
                store.sessions.allow("UpdateItem"),
                store.reservations.allow("GetItem", "UpdateItem"),
                store.inventory.allow("UpdateItem"),
                store.manual_review.allow("PutItem"),
                store.carts.allow("UpdateItem"),
                store.pending_callbacks.allow("UpdateItem"),
                gateway.allow_payments(),
            ],
            {
                **gateway.environment,
                **closing_environment(store),
                "SESSIONS_TABLE": store.sessions.name,
            },
        )

    def _start_order(self) -> PythonFunction:
        store, gateway = self._args["store"], self._args["gateway"]
        workflow = self._args["workflow"]
        return self._args["code"].function(
            "intake.start_order",
            [
                store.orders.allow("GetItem", "PutItem"),
                gateway.allow_look_up(),
                workflow.allow_start(),
            ],
            self._known(
                {
                    **gateway.environment,
                    "ORDER_STATE_MACHINE_ARN": workflow.arn,
                }
            ),
            self,
            self.queue,
            self._args["settings"].purchase_concurrency,
        )
