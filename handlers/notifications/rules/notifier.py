"""Notifying a customer of an order's outcome: at most one mail an event, and only if it is true.

All mails of an order share one row. The claim comes before the mail, and only then is the order
read: what its row contradicts is dropped, and while one mail is in flight no other begins, so that
none overtakes another. A crash or an answer that never came costs at most the mail: it is UNSURE
then, and nobody sends it again. Only a mail that was surely not sent frees its claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from handlers.notifications.rules.errors import MailRefused, MailUnsure
from handlers.notifications.rules.mails import Mail, is_mailed, mail
from handlers.orders.rules.contact import is_mail_address
from handlers.orders.rules.events import agrees, later_than
from handlers.orders.rules.ports import OrderRows
from handlers.shared.rules.errors import TableContended


class Notified(StrEnum):
    """What became of an event; SENT, DROPPED and UNSURE are noted of a mail."""

    NOT_MAILED = "NOT_MAILED"
    HANDLED_BEFORE = "HANDLED_BEFORE"
    SENT = "SENT"
    DROPPED = "DROPPED"
    UNSURE = "UNSURE"


class Claims(Protocol):
    """The Notifications table, a row an order."""

    def read(self, order_id: str) -> Mapping[str, Any]:
        """The order's row; empty where there is none."""
        ...

    def claim(self, order_id: str, mail: str, before: Mapping[str, Any]) -> bool:
        """Claims a mail while the row is as it was read; False when it has changed."""
        ...

    def is_in_flight(self, row: Mapping[str, Any]) -> bool:
        """Whether the mail that a row calls CLAIMED may still be sent."""
        ...

    def note(self, order_id: str, mail: str, status: str) -> None:
        """Notes what became of a claimed mail."""
        ...

    def free(self, order_id: str, mail: str) -> None:
        """Takes a claim back: nothing was sent."""
        ...


class Mailer(Protocol):
    """The mail service."""

    def send(self, to: str, mail: Mail) -> None:
        """Sends a mail.

        Raises:
            MailRefused: it surely was not sent.
            MailUnsure: nobody knows.
        """
        ...


@dataclass(frozen=True)
class CustomerNotifier:
    """What a notification needs."""

    orders: OrderRows
    claims: Claims
    mailer: Mailer

    def notify(self, detail_type: str, order_id: str) -> Notified:
        """Sends the mail for an event, unless it was handled before or is not true any more.

        Raises:
            MailRefused: the mail service did not take it; the event may be handled again.
            TableContended: another mail of the order is in flight; likewise.
            Exception: whatever a table raised; likewise, and before the mail the claim is free.
        """
        if not is_mailed(detail_type):
            return Notified.NOT_MAILED
        row = self.claims.read(order_id)
        if row.get(detail_type) is not None:
            return self._before(order_id, detail_type, row)
        if self.claims.is_in_flight(row) or not self.claims.claim(order_id, detail_type, row):
            raise TableContended(f"another mail of order {order_id} is in flight; try again")
        return self._send(order_id, detail_type)

    def _before(self, order_id: str, detail_type: str, row: Mapping[str, Any]) -> Notified:
        """A claim of somebody who is not at it any more stays without a mail."""
        if row[detail_type] == "CLAIMED" and not self.claims.is_in_flight(row):
            self.claims.note(order_id, detail_type, Notified.UNSURE)
        return Notified.HANDLED_BEFORE

    def _send(self, order_id: str, detail_type: str) -> Notified:
        try:
            due = self._due(order_id, detail_type)
        except Exception:
            self.claims.free(order_id, detail_type)
            raise
        outcome = Notified.DROPPED if due is None else self._mailed(order_id, detail_type, *due)
        self.claims.note(order_id, detail_type, outcome)
        return outcome

    def _mailed(self, order_id: str, detail_type: str, to: str, written: Mail) -> Notified:
        try:
            self.mailer.send(to, written)
        except MailRefused:
            self.claims.free(order_id, detail_type)
            raise
        except MailUnsure:
            return Notified.UNSURE
        return Notified.SENT

    def _due(self, order_id: str, detail_type: str) -> tuple[str, Mail] | None:
        """The address and the mail, if it is true and no later one was claimed before it."""
        order = self.orders.read(order_id) or {}
        if not agrees(detail_type, order) or not is_mail_address(order.get("Email")):
            return None
        mails = self.claims.read(order_id)
        if any(later in mails for later in later_than(detail_type)):
            return None
        return order["Email"], mail(detail_type, order)
