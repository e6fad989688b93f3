"""Adapters that several functions of fulfillment share."""

from functools import cache

from handlers.fulfillment.adapters.center_queue import CenterQueue
from handlers.fulfillment.adapters.label_store import LabelStore
from handlers.fulfillment.adapters.shipment_rows import Shipments
from handlers.shared.adapters.clients import client, signing_client
from handlers.shared.environment import variable


@cache
def shipments() -> Shipments:
    """Build the shipments."""
    return Shipments(client("dynamodb"), variable("SHIPMENTS_TABLE"))


@cache
def labels() -> LabelStore:
    """Build the shipping labels."""
    return LabelStore(signing_client("s3"), variable("LABELS_BUCKET"))


@cache
def centers() -> CenterQueue:
    """Build the queue that the fulfillment centres read."""
    return CenterQueue(client("sqs"), variable("FULFILLMENT_QUEUE_URL"))
