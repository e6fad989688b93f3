"""What tests of purchase intake do: place orders over HTTP, put messages in the queue, wait."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from botocore.credentials import Credentials

from local import evidence
from local.emulator.settings import ROOT_KEY
from local.http_api import Answer, HttpApi
from local.settling import settle
from local.stack import Stack

ORDER: dict[str, Any] = {
    "customerId": "c-1",
    "email": "jane.roe@example.com",
    "orderContents": {"items": [{"itemId": "item-1", "price": 10, "quantity": 2}]},
    "orderTotal": 20,
    "paymentDetails": {
        "name": "Jane Roe",
        "cardType": "VISA",
        "cardNumber": "4242 4242 4242 4242",
        "expiration": "12/40",
    },
}
PATIENCE_SECONDS = 30


def api(stack: Stack, *, signed: bool = True) -> HttpApi:
    credentials = Credentials(ROOT_KEY, ROOT_KEY) if signed else None
    return HttpApi(stack.outputs["api"].rstrip("/"), credentials, stack.cloud.region)


def place(stack: Stack, key: str | None = None, **changes: Any) -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    body = json.dumps({**ORDER, **changes}).encode()
    return api(stack).send("POST", "/orders", body, headers)


def message(**changes: Any) -> dict[str, Any]:
    """A message as another system writes it, of an order that nobody placed over HTTP."""
    return {
        "orderId": str(uuid4()),
        "customerId": "c-2",
        "itemList": [{"itemId": "item-1", "price": 1000, "quantity": 1}],
        "orderTotal": 1000,
        "currency": "USD",
        "paymentStatus": "Success",
        "payment": {"token": "tok_visa"},
        **changes,
    }


def send(stack: Stack, *bodies: Any) -> None:
    for body in bodies:
        text = body if isinstance(body, str) else json.dumps(body)
        stack.cloud.client("sqs").send_message(
            QueueUrl=stack.outputs["purchaseQueue"], MessageBody=text
        )


def decided(stack: Stack, order_id: str) -> dict[str, Any]:
    """The order's row once it waits for nothing, and all that is published has arrived."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        row = evidence.order_row(stack, order_id)
        if row and "Waiting" not in row:
            settle(stack.cloud, stack.queues)
            return evidence.order_row(stack, order_id) or {}
        time.sleep(0.05)
    raise AssertionError(f"order {order_id} was still not decided after {PATIENCE_SECONDS} s")


def captures(stack: Stack, order_id: str) -> int:
    return sum(entry["operation"] == "capture" for entry in evidence.payments(stack, order_id))


@contextmanager
def unread(stack: Stack, queue: str = "PurchaseQueue") -> Iterator[None]:
    """Nobody reads one of the stack's queues meanwhile."""
    functions = stack.cloud.client("lambda")
    (mapping,) = (
        found
        for found in functions.list_event_source_mappings()["EventSourceMappings"]
        if queue in found["EventSourceArn"]
    )
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
