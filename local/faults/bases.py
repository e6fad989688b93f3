"""The scenarios that are disturbed: together they reach every task of every workflow.

None of them says which states it reaches. That is found by running them; a task that none reaches
is an error: whoever adds a task adds a base that reaches it.
"""

from collections.abc import Mapping
from typing import Any

from local.faults.cases import Base

_EMAIL, _ADDRESS = "jane.roe@example.com", "7 Secret Road, Singapore"
_BROKEN = "Broken"  # an error that nobody knows
_GIVEN = {
    "stock": {"laptop-TAG": 10, "mouse-TAG": 10},
    "centers": {"laptop-TAG": "fc-1", "mouse-TAG": "fc-2"},
}
_ORDER = {
    "customerId": "c-1",
    "email": _EMAIL,
    "address": _ADDRESS,
    "orderContents": {
        "items": [
            {"itemId": "laptop-TAG", "price": 1000, "quantity": 1},
            {"itemId": "mouse-TAG", "price": 25, "quantity": 2},
        ]
    },
    "orderTotal": 1050,
    "paymentDetails": {
        "name": "Jane Roe",
        "cardType": "VISA",
        "cardNumber": "4242 4242 4242 4242",
        "expiration": "08/39",
    },
}
_CART = {
    "CartId": "cart-TAG",
    "Email": _EMAIL,
    "Address": _ADDRESS,
    "laptop-TAG": "1",
    "mouse-TAG": "2",
    "total_cost": "1.27",
}
_SESSION = {
    "SessionId": "SESSION",
    "CustomerId": "c-1",
    "PaymentStatus": "Success",
    "Currency": "USD",
    "Email": _EMAIL,
    "Address": _ADDRESS,
    "Products": [
        {
            "fulfillmentCenterId": "fc-1",
            "id": "laptop-TAG",
            "name": "Laptop",
            "price": 100000,
            "quantity": 1,
        },
        {
            "fulfillmentCenterId": "fc-2",
            "id": "mouse-TAG",
            "name": "Mouse",
            "price": 2500,
            "quantity": 2,
        },
    ],
}


def bases() -> list[Base]:
    """Every base, those that disturb nothing before those that do."""
    return [*_orders(), *_carts(), *_sessions()]


def _orders() -> list[Base]:
    declined = {**_ORDER, "paymentDetails": {"token": "tok_chargeDeclined"}}
    return [
        _order("an order that is paid and shipped"),
        _order("an order placed by HTTP", through="api"),
        _order("an order that is out of stock", given={"stock": {"mouse-TAG": 1}}),
        _order("an order whose card is declined", input=declined),
        _order("an order that cannot be captured", faults=[_always("CapturePayment")]),
        _order(
            "an order cancelled before it is captured",
            through="api",
            actions=[{"do": "cancel", "after": "AuthorizePayment"}],
        ),
        _order(
            "an order cancelled once it is recorded",
            through="api",
            actions=[{"do": "cancel", "after": "RecordOrder"}],
        ),
        _order(
            "an order that another execution records",
            actions=[{"do": "again", "after": "CapturePayment"}],
        ),
    ]


def _carts() -> list[Base]:
    return [
        _cart("a cart that is bought and shipped"),
        _cart("a cart that is out of stock", given={"stock": {"mouse-TAG": 1}}),
        _cart("a cart whose payment fails", callbacks={"payment": "failed"}),
        _cart("a cart that is paid too late", callbacks={"payment": "late"}),
        _cart("a cart that cannot be shipped", callbacks={"shipping": "unavailable"}),
        _cart("a cart that cannot be confirmed", faults=[_always("ConfirmOrder")]),
    ]


def _sessions() -> list[Base]:
    unpaid = {**_SESSION, "PaymentStatus": "Pending"}
    return [
        _session("a paid session", [_SESSION]),
        _session("a session that is not paid", [unpaid]),
        _session("a session that is unknown", []),
        _session(
            "a session that another execution refuses",
            [unpaid],
            actions=[{"do": "again", "after": "ReadSession"}],
        ),
        _session(
            "a session of which no centre hears",
            [_SESSION],
            faults=[_always("SendToFulfillmentCenter")],
        ),
        _session(
            "a session that another execution fulfills",
            [_SESSION],
            actions=[{"do": "again", "after": "PlanShipments"}],
        ),
    ]


def _order(name: str, **changes: Any) -> Base:
    return _base(name, "order_processing", _GIVEN, _ORDER, changes)


def _cart(name: str, **changes: Any) -> Base:
    return _base(name, "checkout", _GIVEN, _CART, changes)


def _session(name: str, sessions: list[Any], **changes: Any) -> Base:
    given = {**_GIVEN, "sessions": sessions}
    return _base(name, "fulfillment", given, {"SessionId": "SESSION"}, changes)


def _base(
    name: str,
    workflow: str,
    given: Mapping[str, Any],
    document: Mapping[str, Any],
    changes: Mapping[str, Any],
) -> Base:
    merged = {**given, **changes.get("given", {})}
    return Base(name, {"workflow": workflow, "input": document, **changes, "given": merged})


def _always(state: str) -> dict[str, Any]:
    return {"state": state, "error": _BROKEN, "when": "before", "times": 0}
