"""The stack: reads its settings, builds the systems, exports what operators and tools need."""

import pulumi

import asl
from components.aws.dashboard import Dashboard
from components.aws.http_api import HttpApi
from components.orders.checkout import Checkout
from components.orders.events import OrderEvents
from components.orders.fulfillment import Fulfillment
from components.orders.functions import OrderCode
from components.orders.intake import PurchaseIntake
from components.orders.notifications import Notifications
from components.orders.order_processing import OrderProcessing
from components.orders.publishing import Publishing
from components.orders.recovery import Recovery
from components.orders.settings import read_settings
from components.orders.simulated_gateway import SimulatedGateway
from components.orders.simulated_services import SimulatedServices
from components.orders.tables import OrderStore
from workflows import DEFINITIONS

for name, render in DEFINITIONS.items():
    asl.require_valid(render(), name)

settings = read_settings()
store = OrderStore("order-store", {"deletion_protection": settings.deletion_protection})
events = OrderEvents("order-events", {"support_email": settings.support_email})
gateway = SimulatedGateway(
    "simulated-gateway", {"deletion_protection": settings.deletion_protection}
)
code = OrderCode(settings, events.support, pulumi.ResourceOptions())
processing = OrderProcessing(
    "order-processing",
    {"code": code, "store": store, "events": events, "gateway": gateway, "settings": settings},
)
services = SimulatedServices("simulated-services")
api = HttpApi(
    "orders-api",
    {
        "tokens": settings.tokens,
        "rate": settings.api_rate,
        "burst": settings.api_burst,
        "origins": settings.api_origins,
        "log_retention_days": settings.log_retention_days,
    },
)
carts = Checkout(
    "checkout",
    {
        "code": code,
        "store": store,
        "events": events,
        "gateway": gateway,
        "services": services,
        "settings": settings,
        "api": api,
    },
)
intake = PurchaseIntake(
    "purchase-intake",
    {
        "code": code,
        "store": store,
        "events": events,
        "gateway": gateway,
        "api": api,
        "workflow": processing.workflow,
        "settings": settings,
    },
)
fulfillment = Fulfillment(
    "fulfillment", {"code": code, "store": store, "events": events, "settings": settings}
)
Recovery(
    "recovery",
    {
        "code": code,
        "store": store,
        "events": events,
        "gateway": gateway,
        "workflows": {
            "order_processing": processing.workflow,
            "checkout": carts.workflow,
            "fulfillment": fulfillment.workflow,
        },
        "purchases": intake.queue,
    },
)
publishing = Publishing("publishing", {"code": code, "store": store, "events": events})
Notifications(
    "notifications",
    {"code": code, "store": store, "events": events, "sender": settings.mail_sender},
)
dashboard = Dashboard(
    "dashboard",
    {
        "workflows": [processing.workflow, carts.workflow, fulfillment.workflow],
        "queues": [intake.queue, fulfillment.requests],
        "functions": processing.payers,
        "api": api,
    },
)

pulumi.export(
    "stateMachines",
    {
        "order_processing": processing.workflow.arn,
        "checkout": carts.workflow.arn,
        "fulfillment": fulfillment.workflow.arn,
    },
)
pulumi.export("tables", {**store.names(), "PaymentGateway": gateway.table.name})
pulumi.export("eventBus", events.bus.name)
pulumi.export(
    "topics",
    {
        "OrderNotifications": events.notifications.arn,
        "SupportAlerts": events.support.arn,
    },
)
pulumi.export("api", api.url)
pulumi.export(
    "queues",
    {
        "serviceRequests": services.requests.url,
        "fulfillmentRequests": fulfillment.requests.url,
        "unpublishedOutcomes": publishing.unpublished.url,
    },
)
pulumi.export("purchaseQueue", intake.queue.url)
pulumi.export("buckets", {"labels": fulfillment.labels.name})
pulumi.export("rules", {"startFulfillment": fulfillment.rule.name})
pulumi.export("dashboard", dashboard.name)
pulumi.export("callbackSecretArn", carts.secret_arn)
