"""A payment gateway that takes no money: the same answers and the same traps as a real one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from botocore import exceptions as aws

from handlers.orders.rules.states import Voided
from handlers.payments.adapters.ledger_rows import LedgerRows
from handlers.payments.adapters.vault import Vault
from handlers.payments.rules import ledger
from handlers.payments.rules.cards import Card, verify
from handlers.payments.rules.errors import (
    PaymentDeclined,
    PaymentGatewayUnavailable,
    PaymentNotVerified,
)
from handlers.payments.rules.gateway import Payment
from handlers.payments.rules.ledger import Account
from handlers.shared.adapters.dynamodb import code
from handlers.shared.rules.clock import Clock, timestamp, utc_now

# An account moves forward at most three times, so a fourth reading finds the last status.
_ATTEMPTS = 4
_THROTTLED = {
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
}


@dataclass(frozen=True)
class SimulatedGateway:
    """The simulated gateway over its table. Amounts are in minor units.

    Attributes:
        client: a DynamoDB client.
        table: the name of the PaymentGateway table.
        clock: tells the time that entries carry and that cards expire by.
    """

    client: Any
    table: str
    clock: Clock = utc_now

    def tokenize(self, card: Card) -> Payment:
        """Puts a card into the vault, whether or not it is any good."""
        with _reported():
            return Payment(self._vault.keep(card), card.card_type, card.number[-4:])

    def look_up(self, token: str) -> Payment:
        """Tells what a token stands for; brand UNKNOWN when it was never issued."""
        with _reported():
            card = self._vault.find(token)
        if card is None:
            return Payment(token, "UNKNOWN", "")
        return Payment(token, card.facts.card_type, card.facts.last4)

    def authorize(self, order_id: str, amount: int, currency: str, token: str) -> str:
        """Holds the order's amount; a repetition answers without asking the card again."""

        def hold(account: Account) -> Account:
            held = ledger.authorize(account, amount, currency, self._now())
            if held is not account:
                self._approve(token)
            return held

        self._apply(order_id, hold)
        return _reference("auth", order_id)

    def capture(self, order_id: str, amount: int, currency: str) -> str:
        """Takes the held amount, once."""

        def take(account: Account) -> Account:
            return ledger.capture(account, amount, currency, self._now())

        self._apply(order_id, take)
        return _reference("ch", order_id)

    def void(self, order_id: str) -> Voided:
        """Voids a hold or refunds a capture, and refuses both from now on."""
        return ledger.voided(
            self._apply(order_id, lambda account: ledger.void(account, self._now()))
        )

    @property
    def _vault(self) -> Vault:
        return Vault(self.client, self.table)

    def _now(self) -> str:
        return timestamp(self.clock())

    def _approve(self, token: str) -> None:
        card = self._vault.find(token)
        if card is None:
            raise PaymentNotVerified("the payment token is not one that the gateway has issued")
        verify(card.facts, self.clock().date())
        if card.is_unreachable:
            raise PaymentGatewayUnavailable("the card's issuer could not be reached; try again")
        if card.decline_code:
            raise PaymentDeclined(card.decline_code)

    def _apply(self, order_id: str, operation: Callable[[Account], Account]) -> Account:
        rows = LedgerRows(self.client, self.table)
        with _reported():
            for _ in range(_ATTEMPTS):
                before = rows.account(order_id)
                after = operation(before)
                if after is before or rows.move(before, after):
                    return after
        raise PaymentGatewayUnavailable(
            f"the payment of order {order_id} was changed under {_ATTEMPTS} attempts; try again"
        )


def _reference(kind: str, order_id: str) -> str:
    """An id that a repetition of the operation finds again without its having been kept."""
    return f"{kind}_{uuid5(NAMESPACE_URL, f'{kind}:{order_id}').hex}"


@contextmanager
def _reported() -> Iterator[None]:
    """Tells a failing table as a failing gateway, which callers know how to retry."""
    try:
        yield
    except (aws.ConnectionError, aws.HTTPClientError) as error:
        raise PaymentGatewayUnavailable("the gateway did not answer in time") from error
    except aws.ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status < 500 and code(error) not in _THROTTLED:
            raise
        raise PaymentGatewayUnavailable(f"the gateway failed: {code(error)}") from error
