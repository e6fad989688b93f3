"""Card numbers in text that people write, and what only looks like one.

A number of a network with its check digit is taken for a card's, however it is grouped. Ids,
barcodes and phone numbers are not, as far as their form tells; what that risks is in
`docs/decisions/0016-what-is-taken-for-a-card-number.md`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from handlers.shared.rules.card_networks import luhn_holds, networks

# RFC 9562's form, of any version and variant, as a word of its own.
_UUID = re.compile(r"(?<![^\W_])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![^\W_])", re.I)
_LENGTHS = range(13, 20)
_SEPARATORS = 3
_PLUS = ("+", "\uff0b")
_LONGEST_PHONE_NUMBER = 15  # ITU-T E.164
_EAN = 13
_PRINTED_EAN = (1, 6, 6)  # the groups of digits below a barcode


@dataclass(frozen=True)
class _Run:
    """Groups of digits that only separators part; `phone` when a plus stands before the first."""

    groups: list[str]
    phone: bool


def has_card_number(text: str, *, payment: bool = False) -> bool:
    """Finds what could be charged in a text: a number of a network with its check digit.

    Spaces, line breaks, dashes, dots and invisible marks may stand between its digits, in any
    script. None are digits that touch a letter, a whole UUID, a plus with up to 15 digits, and an
    EAN of 13 digits that begins with 4.

    Args:
        text: anything.
        payment: whether it stands in payment details, where an EAN's digits are a card's.
    """
    return any(
        _is_card(groups, payment=payment)
        for part in _UUID.split(text)
        for run in _runs(part)
        for groups in _candidates(run)
    )


def _runs(text: str) -> Iterator[_Run]:
    """The runs of the text; a group of digits that touches a letter is in none."""
    run = _Run([], phone=False)
    end = 0
    for group in re.finditer(r"\d+", text):
        before = text[max(0, group.start() - 1) : group.start()]
        after = text[group.end() : group.end() + 1]
        touches = _is_letter(before) or _is_letter(after)
        if touches or not run.groups or not _separates(text[end : group.start()]):
            yield run
            run = _Run([], phone=before in _PLUS)
        if not touches:
            run.groups.append("".join(str(unicodedata.decimal(digit)) for digit in group[0]))
        end = group.end()
    yield run


def _is_letter(character: str) -> bool:
    """A letter of a script with cases, of which people and machines make ids.

    Scripts without, such as Chinese and Thai, put no space between a word and a number.
    """
    return character.upper() != character.lower()


def _separates(between: str) -> bool:
    return len(between) <= _SEPARATORS and all(
        character.isspace()
        or unicodedata.category(character) in ("Pd", "Pc", "Po", "Mn", "Me", "Cf")
        for character in between
    )


def _candidates(run: _Run) -> Iterator[list[str]]:
    """Consecutive groups of a run with as many digits as a card's number, phone numbers aside."""
    bounds = [0, *accumulate(map(len, run.groups))]
    for first, start in enumerate(bounds):
        for last in range(first + 1, min(first + _LENGTHS.stop, len(bounds))):
            is_phone_number = run.phone and bounds[last] <= _LONGEST_PHONE_NUMBER
            if bounds[last] - start in _LENGTHS and not is_phone_number:
                yield run.groups[first:last]


def _is_card(groups: list[str], *, payment: bool) -> bool:
    number = "".join(groups)
    if not luhn_holds(number):
        return False
    if len(number) == _EAN:
        return "VISA" in networks(number) and (payment or not _is_ean(groups))
    return bool(networks(number))


def _is_ean(groups: list[str]) -> bool:
    """13 digits written as an article number, whose check digit is right (GS1)."""
    digits = [int(digit) for digit in "".join(groups)]
    written = len(groups) == 1 or tuple(map(len, groups)) == _PRINTED_EAN
    return written and (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0
