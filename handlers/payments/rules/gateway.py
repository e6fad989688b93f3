"""The port to a payment gateway.

Every operation is idempotent by order: its key is the order's id and the operation, so that a
second delivery finds the first one's effect and answers the same.
"""

from dataclasses import dataclass
from typing import Protocol

from handlers.orders.rules.states import Voided
from handlers.payments.rules.cards import Card


@dataclass(frozen=True)
class Payment:
    """What stands for a card once it is in the gateway's vault.

    Attributes:
        token: the vault's name for the card; good for nothing outside the gateway.
        card_type: the brand, such as `VISA`; `UNKNOWN` for a token nobody has issued.
        last4: the number's last four digits; empty for a token nobody has issued.
    """

    token: str
    card_type: str
    last4: str


class Vault(Protocol):
    """The part of a gateway that keeps cards."""

    def tokenize(self, card: Card) -> Payment:
        """Puts a card into the vault, whether or not it is any good."""
        ...

    def look_up(self, token: str) -> Payment:
        """Tells what a token stands for; an unknown one is told apart only by `authorize`."""
        ...


class PaymentGateway(Vault, Protocol):
    """A gateway that holds, captures and gives back money. Amounts are in minor units.

    Any operation may raise PaymentGatewayUnavailable; its effect is then unsure, and the same
    call again is safe.
    """

    def authorize(self, order_id: str, amount: int, currency: str, token: str) -> str:
        """Holds the order's amount and returns the authorization's id.

        Raises:
            PaymentNotVerified: the token or the card behind it is no good.
            PaymentDeclined: the issuer said no.
            PaymentVoided: the order was voided before.
            PaymentMismatch: the order was authorized for another amount.
        """
        ...

    def capture(self, order_id: str, amount: int, currency: str) -> str:
        """Takes the held amount and returns the charge's id.

        Raises:
            PaymentNotAuthorized: there is no hold.
            PaymentVoided: the hold was voided, or the capture refunded.
            PaymentMismatch: the amount is not the one held.
        """
        ...

    def void(self, order_id: str) -> Voided:
        """Gives everything back, and refuses every later hold or capture of the order.

        A capture is refunded, a hold is voided; with neither, only the refusal is left behind.
        """
        ...


def exchanged(means: Card | str, vault: Vault) -> Payment:
    """What stands for a card, or for a token, from now on; the number goes no further.

    Raises:
        PaymentGatewayUnavailable: the card could not be kept; the same call again is safe.
    """
    return vault.tokenize(means) if isinstance(means, Card) else vault.look_up(means)


class PaymentCancellation(Protocol):
    """The payment service's other half: giving an order's money back."""

    def cancel(self, order_id: str) -> Voided:
        """Gives back whatever was taken, and refuses to take anything later.

        Raises:
            PaymentGatewayUnavailable: nobody knows yet; the same call again is safe.
        """
        ...
