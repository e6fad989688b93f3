"""Card networks: which numbers each issues, and the check digit that they share.

A range is one of leading digits, an issuer identification number (ISO/IEC 7812-1), with the
lengths that its network issues. Networks share ranges: of a co-branded card either name is right.
Sources: the networks' and gateways' published lists, named in `docs/test-cards.md`.
"""

from collections.abc import Iterator, Mapping

_LONG = (16, 17, 18, 19)

NETWORKS: tuple[tuple[str, tuple[int, ...], str], ...] = (
    ("VISA", (13, 16, 19), "4"),
    ("MASTERCARD", (16,), "51-55 2221-2720"),
    ("AMEX", (15,), "34 37"),
    ("DISCOVER", _LONG, "6011 644-649 65 622126-622925"),
    ("JCB", _LONG, "3528-3589"),
    ("DINERS", (14, 15, *_LONG), "300-305 3095 36 38-39"),
    ("UNIONPAY", _LONG, "62 81"),
    ("MAESTRO", (12, 13, 14, 15, *_LONG), "50 56-58 6304 639 67"),
    ("MIR", _LONG, "2200-2204"),
    ("RUPAY", (16,), "508 60 65 81-82 353 356"),
    ("TROY", (16,), "9792 65"),
    (
        "ELO",
        (16,),
        "401178-401179 431274 438935 451416 457393 457631-457632 504175 506699-506778"
        " 509000-509999 627780 636297 636368 650031-650033 650035-650051 650405-650439"
        " 650485-650538 650541-650598 650700-650718 650720-650727 650901-650978 651652-651679"
        " 655000-655019 655021-655058",
    ),
    ("HIPERCARD", (16,), "606282"),
    ("VERVE", (16, 18, 19), "5060-5061 5078-5079 6500"),
    ("DANKORT", (16,), "5019 4571"),
    ("NAPAS", (16, 19), "9704"),
    ("UZCARD", (16,), "8600 5614"),
)
"""Each network's name, the lengths of its numbers, and the ranges of their leading digits."""

CARD_TYPES = tuple(name for name, *_ in NETWORKS)
"""The names of the networks, as a request may give them."""


_Range = tuple[str, str, str, tuple[int, ...]]


def _ranges() -> Iterator[_Range]:
    for name, lengths, listed in NETWORKS:
        for part in listed.split():
            first, _, last = part.partition("-")
            yield first, last or first, name, lengths


_BY_FIRST_DIGIT: Mapping[str, tuple[_Range, ...]] = {
    digit: tuple(each for each in _ranges() if each[0][0] <= digit <= each[1][0])
    for digit in "0123456789"
}


_DOUBLED = str.maketrans("0123456789", "0246813579")
"""Each digit's double, the digits of which are added up."""


def luhn_holds(number: str) -> bool:
    """Tells whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    backwards = number[::-1]
    kept, doubled = backwards[::2], backwards[1::2].translate(_DOUBLED)
    return sum(map(int, kept + doubled)) % 10 == 0


def networks(number: str) -> tuple[str, ...]:
    """The networks that issue numbers of this prefix and length; none or several.

    Args:
        number: at least one digit, ASCII.
    """
    found = {
        name: None
        for first, last, name, lengths in _BY_FIRST_DIGIT[number[0]]
        if len(number) in lengths and first <= number[: len(first)] <= last
    }
    return tuple(found)
