"""Telling a customer an order's outcome, at most once.

The claim comes before the mail. Whoever finds a claim sends nothing, so a crash or an answer that
never came costs at most the mail: the claim says UNSURE then, and nobody tries again. Only a mail
that was surely not sent frees its claim.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from handlers.domain.contact import is_mail_address
from handlers.domain.errors import MailRefused, MailUnsure
from handlers.domain.mails import Mail, is_told_by_mail, mail
from handlers.domain.ports import OrderRows


class Notified(StrEnum):
    """What became of an event."""

    NOT_TOLD_BY_MAIL = "NOT_TOLD_BY_MAIL"
    NO_ADDRESS = "NO_ADDRESS"
    CLAIMED_BEFORE = "CLAIMED_BEFORE"
    SENT = "SENT"
    UNSURE = "UNSURE"


class Claims(Protocol):
    """The Notifications table."""

    def claim(self, key: str, token: str) -> bool:
        """Claims a mail for an event; False when it was claimed before."""
        ...

    def free(self, key: str, token: str) -> None:
        """Takes an event's claim back: nothing was sent."""
        ...

    def note(self, key: str, status: str) -> None:
        """Notes what became of a mail."""
        ...

    def doubt(self, key: str) -> None:
        """Notes that nobody knows what became of a mail, unless that is known."""
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
class Notifying:
    """What a notification needs."""

    orders: OrderRows
    claims: Claims
    mailer: Mailer

    def notify(self, event_id: str, detail_type: str, order_id: str) -> Notified:
        """Sends the mail for an event, if it is the first to tell this outcome.

        Raises:
            MailRefused: the mail service did not take it; the event may be handled again.
        """
        if not is_told_by_mail(detail_type):
            return Notified.NOT_TOLD_BY_MAIL
        row = self.orders.read(order_id) or {}
        if not is_mail_address(row.get("Email")):
            return Notified.NO_ADDRESS
        written = mail(detail_type, row)
        key = f"{order_id}#{detail_type}"
        if not self.claims.claim(key, event_id):
            self.claims.doubt(key)
            return Notified.CLAIMED_BEFORE
        return self._send(key, event_id, row["Email"], written)

    def _send(self, key: str, event_id: str, to: str, written: Mail) -> Notified:
        try:
            self.mailer.send(to, written)
        except MailRefused:
            self.claims.free(key, event_id)
            raise
        except MailUnsure:
            self.claims.note(key, Notified.UNSURE)
            return Notified.UNSURE
        self.claims.note(key, Notified.SENT)
        return Notified.SENT
