"""The simulated gateway's card vault: what is kept of a card, by token, and how it will behave.

The numbers and tokens are the ones that the payment industry publishes for tests
(`docs/test-cards.md`). Nothing is random.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from handlers.payments.rules.cards import Card, CardFacts, facts
from handlers.shared.adapters.dynamodb import Row, read, typed

_APPROVED = "approved"
_PROCESSING_ERROR = "processing_error"

OUTCOME_OF_NUMBER = {
    "4000000000000002": "card_declined",
    "4000000000009995": "insufficient_funds",
    "4000000000000119": _PROCESSING_ERROR,
}


@dataclass(frozen=True)
class VaultedCard:
    """A card's facts, and the simulated outcome of charging it: `approved` or why not."""

    facts: CardFacts
    outcome: str

    @property
    def is_unreachable(self) -> bool:
        """Whether charging the card fails in a passing way, every time."""
        return self.outcome == _PROCESSING_ERROR

    @property
    def decline_code(self) -> str | None:
        """The issuer's code for declining the card; None when it would not."""
        return None if self.outcome in (_APPROVED, _PROCESSING_ERROR) else self.outcome


def _test_card(card_type: str, last4: str, outcome: str = _APPROVED) -> VaultedCard:
    return VaultedCard(CardFacts(card_type, (card_type,), last4, True, date.max), outcome)


TEST_TOKENS = {
    "tok_visa": _test_card("VISA", "4242"),
    "tok_mastercard": _test_card("MASTERCARD", "4444"),
    "tok_amex": _test_card("AMEX", "0005"),
    "tok_discover": _test_card("DISCOVER", "1117"),
    "tok_diners": _test_card("DINERS", "0004"),
    "tok_jcb": _test_card("JCB", "0505"),
    "tok_unionpay": _test_card("UNIONPAY", "0005"),
    "tok_chargeDeclined": _test_card("VISA", "0002", "card_declined"),
    "tok_chargeDeclinedInsufficientFunds": _test_card("VISA", "9995", "insufficient_funds"),
    "tok_chargeDeclinedProcessingError": _test_card("VISA", "0119", _PROCESSING_ERROR),
}


@dataclass(frozen=True)
class Vault:
    """Cards by token in the PaymentGateway table; test tokens need no row."""

    client: Any
    table: str

    def keep(self, card: Card) -> str:
        """Keeps what may be kept of a card and returns its new token."""
        token = f"tok_{uuid4().hex}"
        outcome = OUTCOME_OF_NUMBER.get(card.number, _APPROVED)
        row = {"Id": token, **_row(VaultedCard(facts(card), outcome))}
        self.client.put_item(TableName=self.table, Item=typed(row))
        return token

    def find(self, token: str) -> VaultedCard | None:
        """The card behind a token; None when the token was never issued."""
        if token in TEST_TOKENS:
            return TEST_TOKENS[token]
        row = read(self.client, self.table, Id=token)
        return _card(row) if row and "Outcome" in row else None


def _row(card: VaultedCard) -> Row:
    return {
        "CardType": card.facts.card_type,
        "Networks": list(card.facts.networks),
        "Last4": card.facts.last4,
        "LuhnHeld": card.facts.luhn_held,
        "Expires": card.facts.expires.isoformat(),
        "Outcome": card.outcome,
    }


def _card(row: Row) -> VaultedCard:
    expires = date.fromisoformat(row["Expires"])
    networks = tuple(row["Networks"])
    known = CardFacts(row["CardType"], networks, row["Last4"], row["LuhnHeld"], expires)
    return VaultedCard(known, row["Outcome"])
