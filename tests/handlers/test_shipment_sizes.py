"""How large the record of an order's shipments is taken to be, against what it becomes."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.fulfillment.rules.encoded_names import label_key
from handlers.fulfillment.rules.products import Product
from handlers.fulfillment.rules.record_size import record_bytes
from handlers.fulfillment.rules.shipment import Shipment
from handlers.shared.adapters.dynamodb import typed

TEXT = st.text(min_size=1, max_size=128)
PRODUCT = st.builds(
    Product,
    id=TEXT,
    quantity=st.integers(1, 9999),
    name=st.none() | st.text(max_size=256),
    price=st.none() | st.integers(0, 999_999_999_999) | st.just("12.345"),
)
SHIPMENT = st.builds(
    Shipment,
    order_id=st.just("6f1ed002-ab53-4ab0-9e08-6d2b4ea0ba0b"),
    center=TEXT,
    attempt=st.integers(1, 9),
    reserved=st.booleans(),
    products=st.lists(PRODUCT, min_size=1, max_size=4).map(tuple),
    arrival_date=st.just("2026-01-31"),
    customer_id=TEXT,
    address=st.none(),
)


def item(product: Product) -> dict[str, Any]:
    return {
        "itemId": product.id,
        "itemDescription": product.name,
        "price": product.price,
        "quantity": product.quantity,
    }


def shipped(shipment: Shipment) -> dict[str, Any]:
    return {
        "fulfillmentCenterId": shipment.center,
        "arrivalDate": shipment.arrival_date,
        "labelKey": label_key(shipment.order_id, shipment.center),
        "products": [
            {"id": each.id, "quantity": each.quantity, "name": each.name}
            for each in shipment.products
        ],
    }


@given(st.lists(SHIPMENT, min_size=1, max_size=4))
def test_a_record_is_never_larger_than_it_was_taken_to_be(shipments: list[Shipment]) -> None:
    row = {
        "Items": [item(product) for shipment in shipments for product in shipment.products],
        "Shipments": [shipped(shipment) for shipment in shipments],
    }
    written = json.dumps(typed(row), ensure_ascii=False).encode(errors="surrogatepass")

    assert len(written) <= record_bytes(shipments) + len(
        '{"Items": {"L": []}, "Shipments": {"L": []}}'
    )


def test_a_hundred_centres_of_eight_products_each_fit() -> None:
    from handlers.fulfillment.rules.record_size import MAX_RECORD_BYTES

    products = tuple(Product(f"item-{each}", 1, "a thing", 500) for each in range(8))
    one = Shipment("o" * 36, "fc-100", 1, False, products, "2026-01-31", "c-1", None)

    assert record_bytes([one] * 100) < MAX_RECORD_BYTES
