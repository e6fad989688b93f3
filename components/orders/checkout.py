"""Checkout: the machine, its functions, and the routes that the outside services call back."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from components.aws.function import PythonFunction
from components.aws.grants import allow
from components.aws.http_api import HttpApi
from components.aws.workflow import Workflow
from components.orders.callback_secret import callback_secret
from components.orders.events import OrderEvents
from components.orders.functions import OrderCode
from components.orders.settings import Settings
from components.orders.simulated_gateway import SimulatedGateway
from components.orders.simulated_services import SimulatedServices
from components.orders.tables import OrderStore
from workflows.checkout import definition as checkout

Environment = Mapping[str, pulumi.Input[str]]


class CheckoutArgs(TypedDict):
    """What checkout works on."""

    code: OrderCode
    store: OrderStore
    events: OrderEvents
    gateway: SimulatedGateway
    services: SimulatedServices
    settings: Settings
    api: HttpApi


class Checkout(pulumi.ComponentResource):
    """Orders a cart, waits for signed callbacks, confirms; gives everything back on an error."""

    workflow: Workflow
    api: HttpApi
    secret_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: CheckoutArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:Checkout", name, None, opts)
        self._args = args
        self.secret_arn = callback_secret(args["settings"].callback_secret, self)
        callback = self._receive_callback()
        for step in ("payment", "shipping"):
            args["api"].route(f"POST /callbacks/{step}", callback, public=True)
        create = self._create_order()
        payment = self._request("checkout.request_payment")
        shipping = self._request("checkout.request_shipping")
        fail = self._fail_checkout()
        self.workflow = self._workflow(name, create, payment, shipping, fail)
        answer = self.workflow.allow_answer("SendTaskFailure", "SendTaskSuccess")
        for function in (payment, shipping, callback):
            function.permit("answer", answer)
        callback.permit("heartbeat", self.workflow.allow_answer("SendTaskHeartbeat"))
        self.register_outputs({"arn": self.workflow.arn, "secretArn": self.secret_arn})

    @property
    def _common(self) -> Environment:
        store = self._args["store"]
        return {
            "CHECKOUT_SECONDS": str(checkout.TIMEOUT_SECONDS),
            "ORDERS_TABLE": store.orders.name,
            "PENDING_CALLBACKS_TABLE": store.pending_callbacks.name,
        }

    def _create_order(self) -> PythonFunction:
        store = self._args["store"]
        return self._args["code"].function(
            "checkout.create_order",
            [
                store.carts.allow("GetItem", "UpdateItem"),
                store.orders.allow("GetItem", "PutItem"),
                store.reservations.allow("PutItem"),
                store.inventory.allow("BatchGetItem", "UpdateItem"),
            ],
            {
                "CARTS_TABLE": store.carts.name,
                "ORDERS_TABLE": store.orders.name,
                "RESERVATIONS_TABLE": store.reservations.name,
                "INVENTORY_TABLE": store.inventory.name,
                "CHECKOUT_SECONDS": str(checkout.TIMEOUT_SECONDS),
            },
            self,
        )

    def _request(self, module: str) -> PythonFunction:
        store, services = self._args["store"], self._args["services"]
        return self._args["code"].function(
            module,
            [store.pending_callbacks.allow("UpdateItem"), services.allow_request()],
            {
                "PENDING_CALLBACKS_TABLE": store.pending_callbacks.name,
                "CHECKOUT_SECONDS": str(checkout.TIMEOUT_SECONDS),
                "CALLBACK_URL": self._args["api"].url,
                **services.environment,
            },
            self,
        )

    def _receive_callback(self) -> PythonFunction:
        store, gateway = self._args["store"], self._args["gateway"]
        return self._args["code"].function(
            "checkout.receive_callback",
            [
                allow("secretsmanager", ["GetSecretValue"], self.secret_arn),
                store.orders.allow("GetItem"),
                store.pending_callbacks.allow("GetItem", "UpdateItem"),
                store.manual_review.allow("PutItem"),
                gateway.allow_payments(),
            ],
            {
                **self._common,
                **gateway.environment,
                "CALLBACK_SECRET_ARN": self.secret_arn,
                "MANUAL_REVIEW_TABLE": store.manual_review.name,
                "OUTSIDE_SERVICES": "simulated",
            },
            self,
            watched=True,
        )

    def _fail_checkout(self) -> PythonFunction:
        store, gateway = self._args["store"], self._args["gateway"]
        return self._args["code"].function(
            "checkout.fail_checkout",
            [
                store.carts.allow("GetItem", "UpdateItem"),
                store.orders.allow("GetItem", "PutItem", "UpdateItem"),
                store.reservations.allow("GetItem", "PutItem", "UpdateItem"),
                store.inventory.allow("UpdateItem"),
                store.pending_callbacks.allow("UpdateItem"),
                store.manual_review.allow("PutItem"),
                gateway.allow_payments(),
            ],
            {
                **self._common,
                **gateway.environment,
                "CARTS_TABLE": store.carts.name,
                "RESERVATIONS_TABLE": store.reservations.name,
                "INVENTORY_TABLE": store.inventory.name,
                "MANUAL_REVIEW_TABLE": store.manual_review.name,
                "OUTSIDE_SERVICES": "simulated",
            },
            self,
        )

    def _workflow(
        self,
        name: str,
        create: PythonFunction,
        payment: PythonFunction,
        shipping: PythonFunction,
        fail: PythonFunction,
    ) -> Workflow:
        store = self._args["store"]
        return Workflow(
            name,
            {
                "definition": checkout.definition,
                "resources": checkout.Resources,
                "names": {
                    "create_order": create.arn,
                    "request_payment": payment.arn,
                    "request_shipping": shipping.arn,
                    "fail_checkout": fail.arn,
                    "orders": store.orders.name,
                    "sessions": store.sessions.name,
                    "reservations": store.reservations.name,
                    "carts": store.carts.name,
                },
                "log_retention_days": self._args["settings"].log_retention_days,
                "alarms": self._args["events"].support,
            },
            pulumi.ResourceOptions(parent=self),
        )
