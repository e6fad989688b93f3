"""Customers' notifier over one client, a mail service that keeps what it sends, and its clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.notifications.adapters.mail_claims import Notifications
from handlers.notifications.notify_user import PATIENCE
from handlers.notifications.rules.mails import Mail
from handlers.notifications.rules.notifier import CustomerNotifier, Mailer, Notified
from handlers.orders.adapters.order_rows import Orders
from handlers.shared.adapters.dynamodb import Row, read, typed
from tests.handlers.fakes import Fuse
from tests.handlers.rows import ORDER_ID, order


@dataclass
class Mails:
    """A mail service in memory; each error is raised instead of sending, in order.

    Attributes:
        before: what happens in other processes while a mail is on its way.
    """

    errors: list[Exception] = field(default_factory=list)
    fuse: Fuse = field(default_factory=Fuse)
    before: Callable[[], object] = lambda: None
    sent: list[tuple[str, Mail]] = field(default_factory=list)

    def send(self, to: str, mail: Mail) -> None:
        self.before()
        self.fuse.before()
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append((to, mail))
        self.fuse.after()

    @property
    def subjects(self) -> list[str]:
        """How the mails are called, without the order's id, in order."""
        return [mail.subject.split(ORDER_ID)[1].strip() for _, mail in self.sent]


@dataclass
class Post:
    """One order's notifications; time passes only when a test says so.

    Attributes:
        client: a DynamoDB client.
        mails: what was sent in memory, unless there is a `mailer`.
    """

    client: Any
    mails: Mails = field(default_factory=Mails)
    mailer: Mailer | None = None
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    @property
    def claims(self) -> Notifications:
        return Notifications(self.client, "Notifications", PATIENCE, lambda: self.now)

    def notify(self, detail_type: str, client: Any = None) -> Notified:
        """What one process makes of an event; it may work with a client of its own."""
        orders = Orders(client or self.client, "CustomerOrders")
        claims = Notifications(client or self.client, "Notifications", PATIENCE, lambda: self.now)
        mailer = self.mailer or self.mails
        return CustomerNotifier(orders, claims, mailer).notify(detail_type, ORDER_ID)

    def stands(self, state: str, **columns: Any) -> None:
        """Makes this the order's row."""
        item = typed(order(state, **columns))
        self.client.put_item(TableName="CustomerOrders", Item=item)

    def give_up(self) -> None:
        """Lets the time pass after which no process that claimed a mail is alive."""
        self.now += PATIENCE + timedelta(seconds=2)

    @property
    def row(self) -> Row:
        """What the order's row of Notifications says, but for its key."""
        row = read(self.client, "Notifications", OrderId=ORDER_ID) or {}
        return {name: value for name, value in row.items() if name != "OrderId"}


class Overtaken:
    """A DynamoDB client before whose first call of some kind on a table somebody else is faster."""

    def __init__(self, client: Any, call: str, table: str, first: Callable[[], object]) -> None:
        self._client, self._call, self._table = client, call, table
        self._first = [first]

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def overtaken(**request: Any) -> Any:
            if (name, request["TableName"]) == (self._call, self._table) and self._first:
                self._first.pop()()
            return call(**request)

        return overtaken
