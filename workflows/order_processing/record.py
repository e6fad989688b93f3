"""The record of a paid order, one transaction that happens at most once.

Each part is created on condition that it is not there, so that a repetition changes nothing of
what later owners wrote; who is refused reads what stands. Every expression reads the machine's
variables `$order`, `$authorizationId` and `$chargeId`.
"""

from typing import Any

from workflows.order_processing.described_order import CONTACT, DESCRIPTION, OPTIONAL, UNDECIDED
from workflows.shared.expressions import jsonata
from workflows.shared.optional_columns import with_optional
from workflows.shared.order_row import decided, statuses, update
from workflows.shared.payment_session import CREATED_SESSION
from workflows.shared.reservations import commit_reservation

_PRODUCTS = (
    "[$order.items.{'M': $merge([{'id': {'S': itemId}, 'price': {'N': $string(price)},"
    " 'quantity': {'N': $string(quantity)}},"
    f" {OPTIONAL.format('name', 'itemDescription')}])}}]"
)


def processed(orders: str, sessions: str, reservations: str) -> list[dict[str, Any]]:
    """The order's row, its payment record, and its stock, which is the customer's from now on."""
    session = {"TableName": sessions, "Item": _session(), **CREATED_SESSION}
    return [{"Update": _order(orders)}, {"Put": session}, commit_reservation(reservations)]


def _order(orders: str) -> dict[str, Any]:
    request = update(
        orders,
        decided(
            "PROCESSED",
            **statuses("Confirmed", "Successful", "Pending"),
            ChargeId={"S": jsonata("$chargeId")},
        ),
        once=DESCRIPTION,
        remove="#Waiting",
        condition=(
            f"attribute_not_exists(#OrderId) OR ({UNDECIDED}"
            " AND attribute_not_exists(#CancelRequested))"
        ),
        pending={"S": "PENDING"},
    )
    return with_optional(request, CONTACT)


def _session() -> dict[str, Any]:
    """The CustomerPaymentSession item of a paid order: what fulfillment starts from."""
    return {
        "SessionId": {"S": jsonata("$order.orderId")},
        "CustomerId": {"S": jsonata("$order.customerId")},
        "PaymentStatus": {"S": "Success"},
        "Products": {"L": jsonata(_PRODUCTS)},
        "Currency": {"S": jsonata("$order.currency")},
        "AuthorizationId": {"S": jsonata("$authorizationId")},
        "ChargeId": {"S": jsonata("$chargeId")},
        "CreatedAt": {"S": jsonata("$now()")},
    }
