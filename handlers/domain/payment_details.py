"""The payment details of an order request: a card's form, or a token's. Never its worth."""

import re
from typing import Any

from handlers.domain.cards import CARD_TYPES, Card, last_day
from handlers.domain.errors import BadInput
from handlers.domain.reader import Reader
from handlers.domain.text import has_card_number

_CARD = ("name", "cardType", "cardNumber", "expiration")
_KNOWN = (*_CARD, "token")
_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){11,18}")
_EXPIRATION = re.compile(r"(0[1-9]|1[0-2])/(?:20)?([0-9]{2})")
_TOKEN = re.compile(r"tok_[A-Za-z0-9_]{1,60}")


def parse_payment_details(value: Any, path: str) -> Card | str:
    """A card, or the token of one.

    Args:
        value: `{name, cardType, cardNumber, expiration}` or `{token}`.
        path: where it stands in the order, for complaints.

    Raises:
        BadInput: naming the field and what is wrong with it, never showing it.
    """
    details = Reader.of(value, path, _KNOWN)
    if "token" not in details.fields:
        return _card(details)
    if len(details.fields) > 1:
        raise BadInput(path, "must have either a token or a card, not both")
    return _token(details)


def _token(details: Reader) -> str:
    token = details.required("token")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token) or has_card_number(token):
        raise BadInput(
            details.at("token"), "must be tok_ and 1 to 60 letters, digits or underscores"
        )
    return token


def _card(details: Reader) -> Card:
    number = _formed(details, "cardNumber", _NUMBER, "12 to 19 digits")
    expiration = _formed(details, "expiration", _EXPIRATION, "a month as MM/YY or MM/YYYY")
    return Card(
        holder=details.safe_text("name", 128),
        card_type=_card_type(details),
        number=re.sub("[ -]", "", number[0]),
        expires=last_day(2000 + int(expiration[2]), int(expiration[1])),
    )


def _formed(details: Reader, name: str, form: re.Pattern[str], words: str) -> re.Match[str]:
    value = details.required(name)
    match = form.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise BadInput(details.at(name), f"must be text of {words}")
    return match


def _card_type(details: Reader) -> str:
    value = details.required("cardType")
    brand = value.upper() if isinstance(value, str) else ""
    if brand not in CARD_TYPES:
        raise BadInput(details.at("cardType"), f"must be one of {', '.join(CARD_TYPES)}")
    return brand
