"""Names of fields that strangers made up, as they may stand in a sentence."""

from handlers.shared.rules.card_numbers import has_card_number
from handlers.shared.rules.text import is_plain

_LONGEST = 64


def shown(name: str) -> str:
    """The name in quotes, or a description of one that should not be repeated."""
    if len(name) > _LONGEST:
        return "a field with an overlong name"
    if not is_plain(name) or has_card_number(name, payment=True):
        return "a field with an unfit name"
    return f'"{name}"'
