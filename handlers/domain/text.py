"""Text that people write: which characters it may have, and no card number among them."""

import re
import unicodedata
from collections.abc import Iterator

from handlers.domain.cards import luhn_holds, network

# Letters, marks, digits, punctuation, mathematical and currency signs of every script, spaces.
_CATEGORIES = ("L", "M", "N", "P", "Sc", "Sm", "Zs")
_JOINERS = set("\u200c\u200d")  # invisible, but Persian and Indic spelling needs them
_FURTHER = set("©®°™^`¨¯´¸") | _JOINERS
# Squares that are shown as pictures, and the marks that turn a character into one.
_PICTURES = set("\u25fd\u25fe\u20e3\ufe0f")

# RFC 9562. Of random ones, one in 3,200 has a card's digits with a right check digit in it.
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.I)
_CARD_LENGTHS = range(13, 20)
_SEPARATORS = 3


def is_plain(text: str) -> bool:
    """Whether the text has no control characters, no emoji and nothing else that is no text."""
    return all(_is_plain(character) for character in text)


def _is_plain(character: str) -> bool:
    if character in _PICTURES:
        return False
    return character in _FURTHER or unicodedata.category(character).startswith(_CATEGORIES)


def is_padded(text: str) -> bool:
    """Whether a text of at least one character begins or ends with something invisible."""
    return any(edge.isspace() or edge in _JOINERS for edge in (text[0], text[-1]))


def has_card_number(text: str) -> bool:
    """Whether the text has what could be charged: a number of a network with its check digit.

    Spaces, dashes, dots and invisible marks may stand between its digits, in any script. A text
    that is a UUID is none, whatever its digits.
    """
    return not _UUID.fullmatch(text) and any(
        luhn_holds(number) and network(number) for run in _runs(text) for number in _numbers(run)
    )


def _runs(text: str) -> Iterator[list[str]]:
    """The groups of digits of the text, those together that only separators part."""
    groups = re.finditer(r"\d+", text)
    run: list[str] = []
    end = 0
    for group in groups:
        if run and not _separates(text[end : group.start()]):
            yield run
            run = []
        run.append("".join(str(unicodedata.decimal(digit)) for digit in group[0]))
        end = group.end()
    yield run


def _separates(between: str) -> bool:
    return len(between) <= _SEPARATORS and all(
        character == "."
        or unicodedata.category(character)[:2] in ("Zs", "Pd", "Pc", "Po", "Mn", "Me", "Cf")
        for character in between
    )


def _numbers(run: list[str]) -> Iterator[str]:
    """Every number of a card's length that begins and ends with a group of the run."""
    bounds = [0]
    for group in run:
        bounds.append(bounds[-1] + len(group))
    digits = "".join(run)
    for place, first in enumerate(bounds):
        for last in bounds[place + 1 : place + 1 + max(_CARD_LENGTHS)]:
            if last - first in _CARD_LENGTHS:
                yield digits[first:last]
