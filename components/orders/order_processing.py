"""Order processing: the machine and the functions that are its tasks."""

from collections.abc import Sequence
from typing import TypedDict

import pulumi

from components.aws.function import PythonFunction
from components.aws.workflow import Workflow
from components.orders.events import OrderEvents
from components.orders.functions import OrderCode
from components.orders.settings import Settings
from components.orders.simulated_gateway import SimulatedGateway
from components.orders.tables import OrderStore
from workflows.order_processing import definition as order_processing


class OrderProcessingArgs(TypedDict):
    """What order processing works on."""

    code: OrderCode
    store: OrderStore
    events: OrderEvents
    gateway: SimulatedGateway
    settings: Settings


class OrderProcessing(pulumi.ComponentResource):
    """Authorizes, reserves, captures and records; compensates on every error.

    `payers` are the functions that call the gateway, whose load is held back by configuration.
    """

    workflow: Workflow
    payers: Sequence[PythonFunction]

    def __init__(
        self, name: str, args: OrderProcessingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:OrderProcessing", name, None, opts)
        code, store, gateway = args["code"], args["store"], args["gateway"]
        most = args["settings"].gateway_concurrency
        authorize, void = (
            code.function(
                module, [gateway.allow_payments()], gateway.environment, self, reserved=most
            )
            for module in ("payments.authorize_payment", "payments.void_payment")
        )
        capture = code.function(
            "payments.capture_payment",
            [gateway.allow_payments(), store.orders.allow("GetItem")],
            {**gateway.environment, "ORDERS_TABLE": store.orders.name},
            self,
            reserved=most,
        )
        self.payers = (authorize, capture, void)
        release = code.function(
            "stock.release_stock",
            [
                store.reservations.allow("GetItem", "PutItem", "UpdateItem"),
                store.inventory.allow("UpdateItem"),
            ],
            {
                "RESERVATIONS_TABLE": store.reservations.name,
                "INVENTORY_TABLE": store.inventory.name,
            },
            self,
        )
        self.workflow = Workflow(
            name,
            {
                "definition": order_processing.definition,
                "resources": order_processing.Resources,
                "names": {
                    "authorize_payment": authorize.arn,
                    "capture_payment": capture.arn,
                    "void_payment": void.arn,
                    "release_stock": release.arn,
                    "orders": store.orders.name,
                    "sessions": store.sessions.name,
                    "inventory": store.inventory.name,
                    "reservations": store.reservations.name,
                    "manual_review": store.manual_review.name,
                },
                "log_retention_days": args["settings"].log_retention_days,
                "alarms": args["events"].support,
            },
            pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"arn": self.workflow.arn})
