"""The fields of a result, as far down as they have fixed names: what a scenario may expect."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeAlias

from local.fields import WrongField, perhaps, place
from local.result import Result

Shape: TypeAlias = "Mapping[str, Shape] | None"
"""The fields of an object, or of each object in a list; None where they may have any name."""

_EACH = "*"  # any name, as an item's


def _flat(names: str, **deep: Shape) -> Shape:
    """Fields by their names, below some of which the names are fixed, too."""
    return {**dict.fromkeys(names.split()), **deep}


_PRODUCTS = _flat("id name price quantity fulfillmentCenterId")
_PAYMENT = "operation amount currency idempotencyKey"
_DETAIL = _flat(
    "orderId customerId reason cause orderTotal currency eventId sequence occurredAt"
    " arrivalDate shipments step executionArn"
)
_ORDER = _flat(
    "OrderId State Reason Cause OrderStatus PaymentStatus ShippingStatus CustomerId Email Address"
    " OrderTotal Currency Items CartId Attempt Payment ChargeId ExecutionArn CancelRequested"
    " Waiting QueuedAt CreatedAt UpdatedAt ClosedAt ClosedBy HandedOverAt ArrivalDate Shipments"
)
_REVIEW = _flat(
    "OrderId ReviewId Step ExecutionArn Reason Cause Done ToDo CustomerId CreatedAt OpenSince"
    " SettledAt SettledBy"
)
_SHIPMENT = _flat(
    "OrderId FulfillmentCenterId Attempt SendStatus ArrivalDate LabelKey RequestedAt SentAt"
    " InventoryUpdatedAt CancelSentAt CancelledAt",
    Products=_PRODUCTS,
)
_REQUEST = _flat(
    "messageType idempotencyKey orderId fulfillmentCenterId customerId arrivalDate address label",
    products=_PRODUCTS,
)
_BELOW: Mapping[str, Shape] = {
    "order": _ORDER,
    "reservation": _flat("OrderId CartId Status ExecutionArn Items"),
    "ledger": _flat("Id Status", Entries=_flat(f"{_PAYMENT} at")),
    "events": _flat("detail-type id time", detail=_DETAIL),
    "emails": _flat("to subject body id time"),
    "topics": _flat("topic message"),
    "payments": _flat(_PAYMENT),
    "stock": {_EACH: _flat("onHand reserved")},
    "manualReview": _REVIEW,
    "shipments": _SHIPMENT,
    "fulfillmentRequests": _REQUEST,
    "labels": _flat("key body"),
    "followed": _flat("workflow execution status error path transitions lambdaCalls attempts"),
    "actions": _flat("do after error done answer"),
}
RESULT: Shape = {field.name: _BELOW.get(field.name) for field in fields(Result)}


def require_known(document: Any, where: str = "", shape: Shape = RESULT) -> None:
    """Refuse a part of a result, or what is expected of it, that has a field of another name.

    Raises:
        WrongField: the field, and the name that was perhaps meant.
    """
    if shape is None:
        return
    if isinstance(document, Mapping):
        for key, value in document.items():
            require_known(value, place(where, key), _shape_of(key, where, shape))
    elif isinstance(document, Iterable) and not isinstance(document, str):
        for index, value in enumerate(document):
            require_known(value, f"{where}[{index}]", shape)


def _shape_of(key: str, where: str, shape: Mapping[str, Shape]) -> Shape:
    if key in shape:
        return shape[key]
    if _EACH in shape:
        return shape[_EACH]
    raise WrongField(f"{place(where, key)}: no result has it; {perhaps(key, shape)}")
