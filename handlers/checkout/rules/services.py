"""The ports to the outside services, which take their time and call back.

Every request is idempotent by the order's id. One that raises ServiceUnavailable may have been
received all the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class PaymentService(Protocol):
    """Takes the money of an order."""

    def request(self, order_id: str, amount: int, currency: str, callback_url: str) -> None:
        """Asks for a payment, in minor units; the answer comes to the URL."""
        ...


class ShippingService(Protocol):
    """Says whether an order can be shipped."""

    def request(
        self,
        order_id: str,
        cart_id: str,
        address: str,
        items: Sequence[Mapping[str, Any]],
        callback_url: str,
    ) -> None:
        """Asks whether `{itemId, quantity}` can go to the address; the answer comes to the URL."""
        ...
