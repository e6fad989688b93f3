"""How large the record of an order's shipments becomes, before anything of it is shipped.

The state machine writes the order's items and its shipments in one request, in DynamoDB's own
JSON, and may pass on 256 KiB (AWS Step Functions, "Service quotas"). What does not fit ends an
execution where nobody can catch it; at that point everything would have been shipped.
"""

import json
from collections.abc import Iterable
from typing import Any

from handlers.fulfillment.rules.encoded_names import label_key
from handlers.fulfillment.rules.shipment import Shipment

MAX_RECORD_BYTES = 240 * 1024

_SHIPMENT_FRAME = 160  # the names and types around a shipment, and its arrival date
_PRODUCT_FRAME = 190  # those around a product, which is there as an item and as part of a shipment


def record_bytes(shipments: Iterable[Shipment]) -> int:
    """At most so many bytes take the items and shipments of an order's record."""
    return sum(_of_shipment(shipment) for shipment in shipments)


def _of_shipment(shipment: Shipment) -> int:
    label = label_key(shipment.order_id, shipment.center)
    products = sum(
        _PRODUCT_FRAME + 2 * (_bytes(product.id) + _bytes(product.name)) + _bytes(product.price)
        for product in shipment.products
    )
    return _SHIPMENT_FRAME + _bytes(shipment.center) + _bytes(label) + products


def _bytes(value: Any) -> int:
    """What a value takes in JSON; Decimals come as text."""
    return len(json.dumps(value, ensure_ascii=False, default=str).encode())
