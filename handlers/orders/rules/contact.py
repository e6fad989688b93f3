"""How customers can be reached."""

import re
from typing import Any

from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.json_object import Reader

LONGEST_ADDRESS = 500

# A dot-atom at a host name (RFC 5321, 4.1.2): the addresses that mail services take.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


def mail_address(reader: Reader, name: str) -> str:
    """The mail address in a field, which must be given.

    Raises:
        BadInput: there is none, or it is not of the form of one.
    """
    given = reader.safe_text(name, 254)
    if not _EMAIL.fullmatch(given):
        raise BadInput(reader.at(name), "must be a mail address such as a@example.com")
    return given


def address(reader: Reader, name: str) -> str:
    """The postal address in a field, which must be given; it may have several lines.

    Raises:
        BadInput: there is none, it is too long, or has what no address has.
    """
    return reader.lines(name, LONGEST_ADDRESS)


def is_mail_address(given: Any) -> bool:
    """Whether it is a mail address, of which other systems' sessions are not to be believed."""
    try:
        mail_address(Reader({"address": given}), "address")
    except BadInput:
        return False
    return True


def optional_mail_address(reader: Reader, name: str) -> str | None:
    """The mail address in a field; None when it is not given.

    Raises:
        BadInput: it is not of the form of one.
    """
    return reader.optional(name, mail_address)


def optional_address(reader: Reader, name: str) -> str | None:
    """The postal address in a field; None when it is not given.

    Raises:
        BadInput: it is too long, or has what no address has.
    """
    return reader.optional(name, address)
