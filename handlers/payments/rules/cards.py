"""Payment cards, and whether one can be charged at all.

A number lives in a `Card` on its way from the request to the gateway's vault, and nowhere else;
what the vault keeps are `CardFacts`.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from handlers.payments.rules.errors import PaymentNotVerified
from handlers.shared.rules.card_networks import luhn_holds, networks


@dataclass(frozen=True)
class Card:
    """A card as its holder gives it; only its form was checked.

    Attributes:
        holder: the name on the card.
        card_type: the brand it is said to be, one of CARD_TYPES.
        number: 12 to 19 digits.
        expires: the last day on which it can be used.
    """

    holder: str = field(repr=False)
    card_type: str
    number: str = field(repr=False)
    expires: date


@dataclass(frozen=True)
class CardFacts:
    """What may be kept of a card.

    Attributes:
        card_type: the brand it is said to be.
        networks: those that issue such numbers; none, or several of a co-branded card.
        last4: the number's last four digits.
        luhn_held: whether the number's check digit was right.
        expires: the last day on which it can be used.
    """

    card_type: str
    networks: tuple[str, ...]
    last4: str
    luhn_held: bool
    expires: date


def last_day(year: int, month: int) -> date:
    """The last day of a month: a card is good until the end of the month it names."""
    return date(year, month, monthrange(year, month)[1])


def facts(card: Card) -> CardFacts:
    """What may be kept of a card."""
    return CardFacts(
        card_type=card.card_type,
        networks=networks(card.number),
        last4=card.number[-4:],
        luhn_held=luhn_holds(card.number),
        expires=card.expires,
    )


def verify(card: CardFacts, today: date) -> None:
    """Accepts a card that could be charged.

    Raises:
        PaymentNotVerified: the number is not one, not of the brand given, or the card expired.
    """
    if not card.luhn_held:
        raise PaymentNotVerified("the card number is mistyped: its check digit is wrong")
    if card.card_type not in card.networks:
        raise PaymentNotVerified(f"the card number is not one of {card.card_type}")
    if card.expires < today:
        raise PaymentNotVerified("the card has expired")
