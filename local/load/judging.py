"""Whether every order of a load kept the rules, however it was disturbed: judged by its rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from local.load.counting import charged
from local.load.watching import scan
from local.rows import plain
from local.stack import Stack

Row = dict[str, Any]

_LAST_MAILS = {
    "PROCESSED": ("is paid",),
    "FULFILLED": ("is on its way",),
    "FAILED": ("could not be accepted",),
    "CANCELLED": ("is cancelled",),
}
"""How the subject of the last mail ends that agrees with an order's State."""


def broken(stack: Stack) -> dict[str, int]:
    """How many orders break each rule; empty if none does."""
    orders = {row["OrderId"]: row for row in _rows(stack, "CustomerOrders")}
    reviewed = {row["OrderId"] for row in _rows(stack, "ManualReview")}
    charges, mails = charged(_rows(stack, "PaymentGateway")), _last_mails(stack, orders)
    found: defaultdict[str, int] = defaultdict(int)
    for order_id, row in orders.items():
        for rule in _broken(row, order_id in reviewed, charges[order_id], mails.get(order_id)):
            found[rule] += 1
    return dict(found)


def _broken(row: Row, is_reviewed: bool, charge: int, mail: str | None) -> Iterator[str]:
    state, is_undone = row["State"], row["State"] in ("FAILED", "CANCELLED")
    is_over = state == "FULFILLED" or (is_undone and "ClosedAt" in row)
    if not is_over and not is_reviewed:
        yield "neither in a final state nor reviewed"
    if is_undone and "ClosedAt" in row and charge:
        yield "closed with its money taken"
    if not is_undone and state != "PENDING" and charge != 1:
        yield "stands and was not charged once"
    if mail and not mail.endswith(_LAST_MAILS.get(state, ())):
        yield "its last mail contradicts its row"


def _last_mails(stack: Stack, orders: Mapping[str, Row]) -> dict[str, str]:
    """The subject of the last mail about each order."""
    last: dict[str, str] = {}
    for mail in stack.cloud.mails():
        named = [word for word in mail["subject"].split() if word in orders]
        last |= dict.fromkeys(named, mail["subject"])
    return last


def _rows(stack: Stack, table: str) -> Iterable[Row]:
    return map(plain, scan(stack, table))
