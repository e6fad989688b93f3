"""What one order's payment goes through at a gateway: hold, capture, void, refund.

    nothing    -> AUTHORIZED -> CAPTURED -> REFUNDED
    nothing    -> VOIDED
    AUTHORIZED -> VOIDED

A status only moves forward, so a write on condition of the status that was read is enough to
decide every race. VOIDED without entries is a tombstone: nothing was held, nothing ever will be.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from handlers.orders.rules.states import Voided
from handlers.payments.rules.errors import PaymentMismatch, PaymentNotAuthorized, PaymentVoided


class Status(StrEnum):
    """Where an order's payment stands."""

    AUTHORIZED = "AUTHORIZED"
    CAPTURED = "CAPTURED"
    VOIDED = "VOIDED"
    REFUNDED = "REFUNDED"


@dataclass(frozen=True)
class Entry:
    """One operation that took effect. `amount` is in minor units, `at` an ISO 8601 time."""

    operation: str
    amount: int
    currency: str
    idempotency_key: str
    at: str


@dataclass(frozen=True)
class Account:
    """An order's payment: its status, None before anything happened, and its entries in order."""

    order_id: str
    status: Status | None = None
    entries: tuple[Entry, ...] = ()

    def _moved(
        self, status: Status, operation: str, amount: int, currency: str, at: str
    ) -> "Account":
        entry = Entry(operation, amount, currency, f"{self.order_id}:{operation}", at)
        return replace(self, status=status, entries=(*self.entries, entry))


def authorize(account: Account, amount: int, currency: str, at: str) -> Account:
    """The account with a hold; the same account when it has this hold already."""
    if account.status is None:
        return account._moved(Status.AUTHORIZED, "authorize", amount, currency, at)
    _require_live(account, amount, currency)
    return account


def capture(account: Account, amount: int, currency: str, at: str) -> Account:
    """The account with the held amount taken; the same account when it was taken already."""
    if account.status is None:
        raise PaymentNotAuthorized(
            f"order {account.order_id} has no authorized payment to capture; authorize it first"
        )
    _require_live(account, amount, currency)
    if account.status is Status.CAPTURED:
        return account
    return account._moved(Status.CAPTURED, "capture", amount, currency, at)


def void(account: Account, at: str) -> Account:
    """The account with everything given back; the same account when that is so already."""
    if account.status is None:
        return replace(account, status=Status.VOIDED)
    if account.status in (Status.VOIDED, Status.REFUNDED):
        return account
    status, operation = _UNDO[account.status]
    held = account.entries[0]
    return account._moved(status, operation, held.amount, held.currency, at)


def voided(account: Account) -> Voided:
    """How a voided account's money came back; the same answer however often it is asked."""
    if account.status is Status.REFUNDED:
        return "REFUNDED"
    return "VOIDED" if account.entries else "NOTHING"


_UNDO = {
    Status.AUTHORIZED: (Status.VOIDED, "void"),
    Status.CAPTURED: (Status.REFUNDED, "refund"),
}


def _require_live(account: Account, amount: int, currency: str) -> None:
    if account.status in (Status.VOIDED, Status.REFUNDED):
        raise PaymentVoided(
            f"the payment of order {account.order_id} was {account.status.lower()};"
            " it takes no further hold or capture"
        )
    held = account.entries[0]
    if (held.amount, held.currency) != (amount, currency):
        raise PaymentMismatch(
            f"order {account.order_id} was authorized for {held.amount} {held.currency},"
            f" not for {amount} {currency}; repeat an operation only with the same amount"
        )
