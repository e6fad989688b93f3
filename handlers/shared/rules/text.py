"""Text that people write: which characters it may have.

What a label, a mail or a log cannot take is escaped where that is written. Refused is only what
nobody can see and what changes how other characters are read: control characters, surrogates,
unassigned and private ones, and the formatting ones that override a text's direction.
"""

import unicodedata

# Letters, marks, digits, punctuation, mathematical and currency signs of every script, spaces.
_OF_IDS = ("L", "M", "N", "P", "Sc", "Sm", "Zs")
_OF_PROSE = ("L", "M", "N", "P", "S", "Zs")
_JOINERS = set("\u200c\u200d")  # invisible, but Persian and Indic spelling needs them
_DIRECTIONS = set("\u061c\u200e\u200f")  # marks of one place, unlike overrides and isolates
_FURTHER = set("©®°™^`¨¯´¸") | _JOINERS
# Squares that are shown as pictures, and the marks that turn a character into one.
_PICTURES = set("\u25fd\u25fe\u20e3\ufe0f")


def is_plain(text: str) -> bool:
    """Accepts an id or a name with no control characters, no emoji and no other symbols."""
    return all(_is_plain(character) for character in text)


def is_prose(text: str) -> bool:
    """Accepts what people read with no control characters and nothing else without a shape."""
    return all(_is_prose(character) for character in text)


def visible(text: str) -> str:
    """A text that somebody else wrote, without what is no prose and on one line."""
    return " ".join("".join(each if _is_prose(each) else " " for each in text).split())


def _is_plain(character: str) -> bool:
    if character in _PICTURES:
        return False
    return character in _FURTHER or unicodedata.category(character).startswith(_OF_IDS)


def _is_prose(character: str) -> bool:
    if character in _JOINERS or character in _DIRECTIONS:
        return True
    return unicodedata.category(character).startswith(_OF_PROSE)


def is_padded(text: str) -> bool:
    """Finds a text of at least one character that begins or ends with something invisible."""
    return any(
        edge.isspace() or edge in _JOINERS or edge in _DIRECTIONS for edge in (text[0], text[-1])
    )
