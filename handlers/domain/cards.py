"""Payment cards: their networks, their check digit, and whether one can be charged at all.

A number lives in a `Card` on its way from the request to the gateway's vault, and nowhere else;
what the vault keeps are `CardFacts`.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from handlers.domain.errors import PaymentNotVerified

_LONG = frozenset(range(16, 20))

# Issuer identification numbers (ISO/IEC 7812) as ranges of leading digits, with the lengths that
# each network issues.
_RANGES: tuple[tuple[str, str, str, frozenset[int]], ...] = (
    ("VISA", "4", "4", frozenset({13, 16, 19})),
    ("MASTERCARD", "51", "55", frozenset({16})),
    ("MASTERCARD", "2221", "2720", frozenset({16})),
    ("AMEX", "34", "34", frozenset({15})),
    ("AMEX", "37", "37", frozenset({15})),
    ("DISCOVER", "6011", "6011", _LONG),
    ("DISCOVER", "644", "649", _LONG),
    ("DISCOVER", "65", "65", _LONG),
    ("JCB", "3528", "3589", _LONG),
    ("DINERS", "300", "305", _LONG),
    ("DINERS", "3095", "3095", _LONG),
    ("DINERS", "36", "36", frozenset(range(14, 20))),
    ("DINERS", "38", "39", _LONG),
    ("UNIONPAY", "62", "62", _LONG),
    ("UNIONPAY", "81", "81", _LONG),
)

CARD_TYPES = tuple(dict.fromkeys(name for name, *_ in _RANGES))


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
        network: the network its number belongs to, None if to none.
        last4: the number's last four digits.
        luhn_held: whether the number's check digit was right.
        expires: the last day on which it can be used.
    """

    card_type: str
    network: str | None
    last4: str
    luhn_held: bool
    expires: date


def luhn_holds(number: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def network(number: str) -> str | None:
    """The network that issues numbers of this prefix and length, None if none does."""
    for name, first, last, lengths in _RANGES:
        if first <= number[: len(first)] <= last and len(number) in lengths:
            return name
    return None


def last_day(year: int, month: int) -> date:
    """The last day of a month: a card is good until the end of the month it names."""
    return date(year, month, monthrange(year, month)[1])


def facts(card: Card) -> CardFacts:
    """What may be kept of a card."""
    return CardFacts(
        card_type=card.card_type,
        network=network(card.number),
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
    if card.network != card.card_type:
        raise PaymentNotVerified(f"the card number is not one of {card.card_type}")
    if card.expires < today:
        raise PaymentNotVerified("the card has expired")
