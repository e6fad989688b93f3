"""Shipping labels: what a printer reads, and what nobody can make it do."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.fulfillment.rules.labels import label
from tests.handlers.test_shipments import shipment
from tests.handlers.warehouses import ORDER

COMMAND = re.compile(r"[\^~]([A-Z][A-Z0-9])")
KNOWN = {"XA", "CI", "PW", "LL", "FO", "A0", "FH", "FD", "FS", "BY", "BC", "XZ"}


def printed(zpl: bytes) -> list[str]:
    """The data of the label's fields, as a printer reads it after ^FH and ^CI28."""
    fields = re.findall(r"\^FH\^FD(.*?)\^FS", zpl.decode())
    return [
        re.sub(rb"_([0-9A-F]{2})", lambda found: bytes.fromhex(found[1].decode()), each).decode()
        for each in map(str.encode, fields)
    ]


def test_a_label_in_full() -> None:
    made = label(shipment(order_id=ORDER, address="Ada ^ Sons\n1 Güell~Street, Singapore"))
    assert made.decode() == (
        "^XA\n^CI28\n^PW812\n^LL1218\n"
        "^FO40,40^A0N,28,28^FH^FDFROM fc-1^FS\n"
        "^FO40,85^A0N,28,28^FH^FDARRIVES BY 2026-01-07^FS\n"
        "^FO40,150^A0N,36,36^FH^FDAda _5E Sons^FS\n"
        "^FO40,190^A0N,36,36^FH^FD1 G_C3_BCell_7EStreet, Singapore^FS\n"
        f"^FO632,150^BY2^BCR,140,N,N,N,A^FH^FD{ORDER}^FS\n"
        f"^FO40,1158^A0N,28,28^FH^FDORDER {ORDER}^FS\n"
        "^XZ\n"
    )


@given(st.text(min_size=1, max_size=500), st.text(min_size=1, max_size=128))
def test_no_text_is_a_command_to_the_printer(address: str, center: str) -> None:
    zpl = label(shipment(address=address, center=center)).decode("ascii")
    assert set(COMMAND.findall(zpl)) <= KNOWN
    assert (zpl.count("^XA"), zpl.count("^XZ"), zpl.count("~")) == (1, 1, 0)
    assert zpl.count("^FD") == zpl.count("^FS") == zpl.count("^FH")
    bare = re.sub(r"\^FD.*?\^FS", "", zpl)
    assert "_" not in bare


@given(st.text(max_size=500))
def test_a_label_shows_the_whole_address_on_lines_that_fit(address: str) -> None:
    lines = printed(label(shipment(address=address or "x")))[2:-2]
    visible = "".join(each for each in address or "x" if each.isprintable())
    assert "".join("".join(lines).split()) == "".join(visible.split())
    assert len(lines) <= 18
    assert all(len(line) <= 28 for line in lines)


def test_an_address_of_lines_and_signs_is_printed_as_it_is_written() -> None:
    written = "℅ Ada № 5\n★ ㈱Works\n〒100-0001"
    assert printed(label(shipment(address=written)))[2:-2] == written.split("\n")


def test_an_address_of_many_short_lines_is_set_as_one_text() -> None:
    lines = printed(label(shipment(address="\n".join(["Baker Street"] * 38))))[2:-2]
    assert "".join(lines) == " ".join(["Baker Street"] * 38)


def test_without_an_address_a_label_names_the_customer() -> None:
    assert "Customer c-1" in printed(label(shipment()))


def test_a_barcode_is_narrowed_to_fit_a_long_id() -> None:
    def bars(order_id: str) -> Any:
        return re.search(r"\^BY\d\^BC.*", label(shipment(order_id=order_id)).decode())[0]  # type: ignore[index]

    assert bars("o" * 43) == f"^BY2^BCR,140,N,N,N,A^FH^FD{'o' * 43}^FS"
    assert bars("o" * 44).startswith("^BY1^BCR")


def test_an_overlong_name_is_cut_where_it_is_only_shown() -> None:
    first, *_ = printed(label(shipment(center="x" * 128)))
    assert first == f"FROM {'x' * 43}…"
