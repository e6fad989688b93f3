"""The payment details of an order request: a card's form, or a token's. Never its worth."""

import re
from typing import Any

from handlers.payments.rules.cards import Card, last_day
from handlers.shared.rules.card_networks import CARD_TYPES
from handlers.shared.rules.card_numbers import has_card_number
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.field_errors import FieldErrors
from handlers.shared.rules.json_object import Reader

_CARD = ("name", "cardType", "cardNumber", "expiration")
_KNOWN = (*_CARD, "token")
_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){11,18}")
_EXPIRATION = re.compile(r"(0[1-9]|1[0-2])/(?:20)?([0-9]{2})")
_MONTH = "a month as MM/YY or MM/YYYY"
_TOKEN = re.compile(r"tok_[A-Za-z0-9_]{1,60}")


def parse_payment_details(value: Any, path: str) -> Card | str:
    """A card, or the token of one.

    Args:
        value: `{name, cardType, cardNumber, expiration}` or `{token}`.
        path: where it stands in the order, for complaints.

    Raises:
        BadInput: naming each wrong field and what is wrong with it, never showing it.
    """
    details = Reader(Reader.of(value, path).fields, path, payment=True)
    wrong = FieldErrors()
    wrong.read(lambda: details.require_known(_KNOWN))
    read = _read_token if "token" in details.fields else _read_card
    means = wrong.read(lambda: read(details))
    wrong.raise_any()
    return means()


def _read_token(details: Reader) -> str:
    wrong = FieldErrors()
    wrong.read(lambda: _require_no_card(details))
    token = wrong.read(lambda: _token(details))
    wrong.raise_any()
    return token()


def _require_no_card(details: Reader) -> None:
    if any(name in details.fields for name in _CARD):
        raise BadInput(details.path, "must have either a token or a card, not both")


def _token(details: Reader) -> str:
    token = details.required("token")
    form = isinstance(token, str) and _TOKEN.fullmatch(token)
    if not form or has_card_number(token, payment=True):
        raise BadInput(
            details.at("token"), "must be tok_ and 1 to 60 letters, digits or underscores"
        )
    return str(token)


def _read_card(details: Reader) -> Card:
    wrong = FieldErrors()
    holder = wrong.read(lambda: details.prose("name", 128))
    card_type = wrong.read(lambda: _card_type(details))
    number = wrong.read(lambda: _formed(details, "cardNumber", _NUMBER, "12 to 19 digits"))
    expiration = wrong.read(lambda: _formed(details, "expiration", _EXPIRATION, _MONTH))
    wrong.raise_any()
    month, year = expiration().groups()
    return Card(
        holder=holder(),
        card_type=card_type(),
        number=re.sub("[ -]", "", number()[0]),
        expires=last_day(2000 + int(year), int(month)),
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
