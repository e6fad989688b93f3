"""What a mail says about the shipments of an order."""

from collections.abc import Mapping
from typing import Any

from handlers.shared.rules.text import visible


def shipment_paragraphs(row: Mapping[str, Any]) -> list[str]:
    """A paragraph for each shipment: how many there are, what it holds and when it comes."""
    shipments = row.get("Shipments") or ()
    return [
        _paragraph(f"Shipment {place} of {len(shipments)}", shipment)
        for place, shipment in enumerate(shipments, start=1)
    ]


def _paragraph(title: str, shipment: Mapping[str, Any]) -> str:
    head = f"{title}, from {visible(shipment['fulfillmentCenterId'])}, arrives by"
    products = [
        f"- {product['quantity']} x {visible(product.get('name') or product['id'])}"
        for product in shipment["products"]
    ]
    return "\n".join([f"{head} {shipment['arrivalDate']}:", *products])
