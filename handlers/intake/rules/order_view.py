"""An order as the HTTP API shows it: amounts in major units, nothing of the payment's means."""

import re
from collections.abc import Mapping
from typing import Any

from handlers.orders.rules.ports import Row
from handlers.shared.rules.clock import moment, timestamp
from handlers.shared.rules.currencies import DIGITS
from handlers.shared.rules.money import major_units

_TECHNICAL = "ProcessingError"
_CURRENCY = re.compile("[A-Z]{3}")


def summary(row: Row) -> dict[str, Any]:
    """An order among others: its state, its statuses and its total.

    Not every row has everything: one that another system sent may lack all but the State, and of a
    refused one a column may have a wrong form, which is not shown.
    """
    return _given(
        {
            "orderId": row["OrderId"],
            "state": row["State"],
            "reason": row.get("Reason", ""),
            "cause": _cause(row),
            "orderStatus": row.get("OrderStatus"),
            "paymentStatus": row.get("PaymentStatus"),
            "shippingStatus": row.get("ShippingStatus"),
            "orderTotal": _amount(row.get("OrderTotal"), row),
            "currency": _currency(row),
            "arrivalDate": row.get("ArrivalDate"),
            "createdAt": _time(row.get("CreatedAt", "")),
            "updatedAt": row.get("UpdatedAt"),
        }
    )


def view(row: Row) -> dict[str, Any]:
    """An order with its items and, once it is on its way, its shipments."""
    items = [_item(item, row) for item in row.get("Items") or ()]
    shipments = [_shipment(shipment) for shipment in row.get("Shipments") or ()]
    return {**summary(row), "items": items, **({"shipments": shipments} if shipments else {})}


def _cause(row: Row) -> str | None:
    """Why the order failed; not of a technical error, whose sentence is about our insides."""
    return None if row.get("Reason") == _TECHNICAL else row.get("Cause")


def _amount(units: int | None, row: Row) -> str | None:
    currency = row.get("Currency")
    return None if units is None or currency not in DIGITS else major_units(units, currency)


def _currency(row: Row) -> str | None:
    code: str = row.get("Currency", "")
    return code if _CURRENCY.fullmatch(code) else None


def _time(text: str) -> str | None:
    try:
        return timestamp(moment(text))
    except (OverflowError, ValueError):
        return None


def _item(item: Mapping[str, Any], row: Row) -> dict[str, Any]:
    return _given(
        {
            "itemId": item.get("itemId"),
            "itemDescription": item.get("itemDescription"),
            "price": _amount(item.get("price"), row),
            "quantity": item.get("quantity"),
        }
    )


def _shipment(shipment: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the order that comes from one place; where its label is kept is our business."""
    products = [
        _given({"itemId": product.get("id"), "quantity": product.get("quantity")})
        for product in shipment.get("products") or ()
    ]
    return _given(
        {
            "fulfillmentCenterId": shipment.get("fulfillmentCenterId"),
            "arrivalDate": shipment.get("arrivalDate"),
            "items": products,
        }
    )


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
