"""Which adapters the functions of fulfillment work with, built at the first use."""

from functools import cache

from handlers import wiring
from handlers.adapters.aws import client, signing_client
from handlers.adapters.catalogue import Catalogue
from handlers.adapters.center_queue import CenterQueue
from handlers.adapters.fulfillment_machine import FulfillmentMachine
from handlers.adapters.label_store import LabelStore
from handlers.adapters.shipment_stock import ShipmentStock
from handlers.adapters.shipments import Shipments
from handlers.domain.arrival import BusinessDays
from handlers.domain.cancelling_shipments import CancellingShipments
from handlers.domain.clock import utc_now
from handlers.domain.planning import Planning
from handlers.domain.reconciliation import FulfillmentReconciliation
from handlers.domain.sending import Sending
from handlers.fulfillment_settings import (
    CenterSettings,
    DeliverySettings,
    FulfillmentMachineSettings,
    InventorySettings,
    LabelSettings,
    ShipmentSettings,
)
from handlers.settings import parse


@cache
def shipments() -> Shipments:
    """The shipments."""
    return Shipments(client("dynamodb"), parse(ShipmentSettings).shipments_table)


@cache
def stock() -> ShipmentStock:
    """The inventory, as shipments take from it."""
    return ShipmentStock(shipments(), parse(InventorySettings).inventory_table)


@cache
def labels() -> LabelStore:
    """The shipping labels."""
    return LabelStore(signing_client("s3"), parse(LabelSettings).labels_bucket)


@cache
def centers() -> CenterQueue:
    """The queue that the fulfillment centres read."""
    return CenterQueue(client("sqs"), parse(CenterSettings).fulfillment_queue_url)


@cache
def machine() -> FulfillmentMachine:
    """Fulfillment's state machine."""
    arn = parse(FulfillmentMachineSettings).fulfillment_state_machine_arn
    return FulfillmentMachine(client("stepfunctions"), arn)


@cache
def planning() -> Planning:
    """What plans the shipments of a session."""
    return Planning(
        orders=wiring.orders(),
        reservations=wiring.stock(),
        catalogue=Catalogue(client("dynamodb"), parse(InventorySettings).inventory_table),
        shipments=shipments(),
        arrivals=BusinessDays(parse(DeliverySettings).days),
        clock=utc_now,
    )


@cache
def sending() -> Sending:
    """What tells the fulfillment centres."""
    return Sending(shipments(), labels(), centers())


@cache
def cancelling() -> CancellingShipments:
    """What cancels shipments."""
    return CancellingShipments(shipments(), centers(), wiring.reviews())


@cache
def reconciliation() -> FulfillmentReconciliation:
    """What opens reviews of fulfillments that failed without one."""
    return FulfillmentReconciliation(wiring.orders(), wiring.reviews())
