"""Stand-ins for the ports of a recovery, in memory, and a crash between any two steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.domain import ledger
from handlers.domain.cards import Card
from handlers.domain.ledger import Account
from handlers.domain.outcomes import Event
from handlers.domain.payments import Payment, Voided

AT = "2026-01-01T00:00:00.000Z"


class Crash(BaseException):
    """The process is gone; nothing catches that."""


@dataclass
class Fuse:
    """Lets `left` steps pass, then crashes once; with None it never does."""

    left: int | None = None

    def step(self) -> None:
        if self.left is None:
            return
        if self.left == 0:
            self.left = None
            raise Crash
        self.left -= 1

    def before(self) -> None:
        """An effect is about to take place."""
        self.step()

    def after(self) -> None:
        """An effect took place."""
        self.step()


class Cut(Fuse):
    """Crashes after effects only, for a test all of whose effects pass the fuse.

    What is seen of a crash just before the next effect is the same, and takes as long to try.
    """

    def before(self) -> None:
        """Nothing has changed since the effect before."""


@dataclass
class World:
    """What stands of one order, seen through every port of a recovery.

    Each change passes the fuse before and after it, so that a crash may lose the effect or only
    the answer.
    """

    fuse: Fuse = field(default_factory=Fuse)
    row: dict[str, Any] | None = None
    reviews: dict[str, dict[str, Any]] = field(default_factory=dict)
    account: Account = field(default_factory=lambda: Account("o-1"))
    reservation: str | None = None
    published: list[Event] = field(default_factory=list)
    releases: int = 0

    def read(self, order_id: str) -> Mapping[str, Any] | None:
        return self.row and dict(self.row)

    def refuse(
        self, order: Mapping[str, Any], execution: str, reason: str, cause: str
    ) -> Mapping[str, Any]:
        why = {"Reason": reason, "Cause": cause, "RecoveredFrom": execution}
        return self._decide(order, State="FAILED", **why)

    def cancel(self, order: Mapping[str, Any], execution: str) -> Mapping[str, Any]:
        why = {"Reason": "OrderCancelled", "RecoveredFrom": execution}
        return self._decide(order, State="CANCELLED", **why)

    def _decide(self, order: Mapping[str, Any], **decided: str) -> Mapping[str, Any]:
        self.fuse.step()
        if self.row is None or self.row["State"] == "PENDING":
            known = {"OrderId": order["orderId"], "CustomerId": order.get("customerId")}
            self.row = {**known, **decided, "Compensated": False}
        self.fuse.step()
        return dict(self.row)

    def settle(
        self, order_id: str, payment_status: str | None, compensated: bool
    ) -> Mapping[str, Any]:
        self.fuse.step()
        assert self.row is not None
        self.row |= {"Compensated": compensated, "PaymentStatus": payment_status}
        self.fuse.step()
        return dict(self.row)

    def open(self, order_id: str, step: str, failed: str, to_do: str) -> Mapping[str, Any]:
        self.fuse.step()
        self.reviews.setdefault(step, {"Failed": failed, "ToDo": to_do, "Untold": "yes"})
        self.fuse.step()
        return dict(self.reviews[step])

    def asked(self, order_id: str) -> bool:
        return bool(self.reviews)

    def mark_published(self, order_id: str, detail_type: str) -> bool:
        self.fuse.step()
        assert self.row is not None
        self.row["PublishedAt"] = AT
        self.row.pop("Unpublished", None)
        self.fuse.step()
        return True

    def mark_told(self, order_id: str, step: str) -> bool:
        self.fuse.step()
        self.reviews[step]["PublishedAt"] = AT
        self.reviews[step].pop("Untold", None)
        self.fuse.step()
        return True

    def note_done(self, order_id: str, step: str, done: str) -> None:
        self.fuse.step()
        if step in self.reviews:
            self.reviews[step]["Done"] = done
        self.fuse.step()

    def release(self, order_id: str) -> bool:
        self.fuse.step()
        self.releases += self.reservation == "RESERVED"
        had_stock = self.reservation is not None
        self.reservation = "RELEASED"
        self.fuse.step()
        return had_stock

    def publish(self, event: Event) -> None:
        self.fuse.step()
        self.published.append(event)
        self.fuse.step()

    def tokenize(self, card: Card) -> Payment:
        raise AssertionError("a recovery sees no card")

    def look_up(self, token: str) -> Payment:
        raise AssertionError("a recovery sees no token")

    def authorize(self, order_id: str, amount: int, currency: str, token: str) -> str:
        self.account = ledger.authorize(self.account, amount, currency, AT)
        return "auth_1"

    def capture(self, order_id: str, amount: int, currency: str) -> str:
        self.account = ledger.capture(self.account, amount, currency, AT)
        return "ch_1"

    def void(self, order_id: str) -> Voided:
        self.fuse.step()
        self.account = ledger.void(self.account, AT)
        self.fuse.step()
        return ledger.voided(self.account)

    @property
    def review(self) -> dict[str, Any]:
        """What a recovery asked humans to look at."""
        return self.reviews.get("Recovery", {})

    def told(self) -> list[str]:
        """The types of the events on the bus, in order."""
        return [event.detail_type for event in self.published]
