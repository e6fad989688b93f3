"""Shipping labels in ZPL II, for a printer of 4 by 6 inches at 203 dots an inch.

The language, ^CI28 (UTF-8), ^FH (hexadecimal in field data) and ^BC (Code 128): Zebra, "ZPL II
Programming Guide". Whatever people wrote is data: what is no letter, digit or harmless mark of
ASCII is written in hexadecimal, so that no character of an address is a command to the printer.
"""

import re
from textwrap import wrap
from typing import Protocol

from handlers.fulfillment.rules.shipment import Shipment

_WIDTH, _HEIGHT = 812, 1218  # dots
_MARGIN = 40
_TOP = 150  # below what stands across the whole label
_COLUMNS = 28  # characters of a line of text beside the barcode
_MOST_LINES = 18
_LONGEST_NAME = 44  # characters of a name that has a whole line across the label
_LINE_HEIGHT = 40
_BAR_LENGTH = 140
_PLAIN = re.compile(rb"[0-9A-Za-z ,./:#()'-]")
# Code 128: 11 modules for each character, and for start, check and stop together 35.
_MODULES, _FURTHER_MODULES = 11, 35


class Labels(Protocol):
    """Where labels are kept."""

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        ...

    def write(self, key: str, label: bytes) -> None:
        """Keeps a label under a key, in place of an earlier one.

        Raises:
            ServiceUnavailable: nobody knows whether it is kept; writing again is safe.
        """
        ...


def label(shipment: Shipment) -> bytes:
    """The label of a shipment: where from, where to, by when, and the order's id to scan.

    Without an address it names the customer, whose address the centre then has to know.
    """
    to = shipment.address or f"Customer {shipment.customer_id}"
    commands = [
        "^XA",
        "^CI28",
        f"^PW{_WIDTH}",
        f"^LL{_HEIGHT}",
        _text(_MARGIN, 28, f"FROM {_short(shipment.center)}"),
        _text(_MARGIN + 45, 28, f"ARRIVES BY {shipment.arrival_date}"),
        *_lines(to),
        _barcode(shipment.order_id),
        _text(_HEIGHT - 60, 28, f"ORDER {_short(shipment.order_id)}"),
        "^XZ",
    ]
    return "\n".join(commands).encode() + b"\n"


def _lines(text: str) -> list[str]:
    lines = [part for line in text.splitlines() for part in wrap(line, _COLUMNS)]
    if len(lines) > _MOST_LINES:
        whole = " ".join(text.split())
        lines = [whole[start : start + _COLUMNS] for start in range(0, len(whole), _COLUMNS)]
    tops = range(_TOP, _HEIGHT, _LINE_HEIGHT)
    return [_text(top, 36, line) for top, line in zip(tops, lines[:_MOST_LINES], strict=False)]


def _text(top: int, size: int, text: str) -> str:
    return f"^FO{_MARGIN},{top}^A0N,{size},{size}{_data(text)}"


def _barcode(text: str) -> str:
    """Code 128 down the label's right side, where an order's id of 36 characters has room."""
    modules = _MODULES * len(text) + _FURTHER_MODULES
    width = 2 if 2 * modules <= _HEIGHT - _TOP - _MARGIN else 1
    left = _WIDTH - _MARGIN - _BAR_LENGTH
    return f"^FO{left},{_TOP}^BY{width}^BCR,{_BAR_LENGTH},N,N,N,A{_data(text)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"


def _data(text: str) -> str:
    """A field's data; a character that has no shape is a space."""
    visible = "".join(each if each.isprintable() else " " for each in text)
    return f"^FH^FD{''.join(map(_escaped, visible.encode(errors='replace')))}^FS"


def _escaped(byte: int) -> str:
    character = bytes([byte])
    return character.decode() if _PLAIN.fullmatch(character) else f"_{byte:02X}"
