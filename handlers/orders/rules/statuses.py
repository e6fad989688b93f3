"""The statuses that stand on every order's row beside its State."""

from collections.abc import Mapping
from typing import Any

from handlers.orders.rules.states import Voided

REFUSED: Mapping[str, str] = {
    "OrderStatus": "Failed",
    "PaymentStatus": "Unsuccessful",
    "ShippingStatus": "Unsuccessful",
}
"""Of an order that was refused before anything of it was paid or shipped."""

_PAID = ("Successful", "Refunded")


def payment_status(before: Mapping[str, Any], voided: Voided) -> str:
    """The PaymentStatus of an order whose payment was cancelled by its id.

    An order that was paid, as far as anybody knew, is Refunded, whatever the cancellation found:
    it leaves nothing of the order's money at the payment service. One that answers NOTHING about
    a payment that it had reported does not make that payment unsuccessful.

    Args:
        before: the order's row as it was.
        voided: the cancellation's answer.
    """
    was_paid = before.get("PaymentStatus") in _PAID or voided == "REFUNDED"
    return "Refunded" if was_paid else "Unsuccessful"
