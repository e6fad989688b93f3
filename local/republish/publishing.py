"""Publishing what a message of `unpublished-outcomes` names, from the rows as they stand now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from handlers.orders.adapters.event_bus import Events
from handlers.orders.rules import events as outcomes
from handlers.orders.rules.errors import EventNotAccepted
from handlers.orders.rules.events import Event
from local.known_stack import KnownStack
from local.republish.messages import TABLES, BadMessage, ChangedRow, LostBatch, parse
from local.republish.records import RecordsGone, keys
from local.rows import plain, typed

Row = dict[str, Any]


class NotPublished(ValueError):
    """A row that cannot be published; one sentence says why."""


@dataclass(frozen=True)
class Done:
    """The result of handling a message.

    Attributes:
        message: its id in the queue.
        published: the events that the bus took, or would take, `{detailType, orderId}` each.
        nothing: rows that have nothing to publish now.
        left: why the message stays in the queue; None if it does not.
    """

    message: str
    published: list[dict[str, str]]
    nothing: list[str]
    left: str | None = None


@dataclass(frozen=True)
class Republisher:
    """Publishes rows' events.

    Attributes:
        stack: whose rows and bus.
        tables: the physical name of each table in `TABLES`.
        bus: the bus's name.
        dry_run: whether events are only made, and not published.
    """

    stack: KnownStack
    tables: Mapping[str, str]
    bus: str
    dry_run: bool

    @classmethod
    def of(cls, stack: KnownStack, dry_run: bool) -> "Republisher":
        """The republisher of a stack.

        Raises:
            UnknownStack: its outputs do not have the bus or a table.
        """
        tables = {name: stack.table(name) for name in TABLES}
        return cls(stack, tables, stack.output("eventBus"), dry_run)

    def handle(self, message: str, body: str) -> Done:
        """Publish what a message names; whatever is in the way is said in the result."""
        done = Done(message, [], [])
        try:
            for changed in self._changed(body):
                self._publish(changed, done)
        except (BadMessage, RecordsGone, NotPublished, EventNotAccepted) as error:
            return Done(message, done.published, done.nothing, str(error))
        except (ClientError, BotoCoreError) as error:  # the next message may fare better
            return Done(message, done.published, done.nothing, " ".join(str(error).split()))
        return done

    def _changed(self, body: str) -> list[ChangedRow]:
        named = parse(body)
        if isinstance(named, ChangedRow):
            return [named]
        table = self._table_of(named)
        found = keys(self.stack.client("dynamodbstreams"), named)
        return [ChangedRow(table, key) for key in found]

    def _table_of(self, batch: LostBatch) -> str:
        for name, physical in self.tables.items():
            if physical == batch.physical_table:
                return name
        raise BadMessage(f"the stack's events do not come from {batch.stream}")

    def _publish(self, changed: ChangedRow, done: Done) -> None:
        event = _event(changed, self._row(changed))
        if event is None:
            done.nothing.append(str(changed))
            return
        if not self.dry_run:
            Events(self.stack.client("events"), self.bus).publish(event)
        order_id = str(event.detail.get("orderId"))
        done.published.append({"detailType": event.detail_type, "orderId": order_id})

    def _row(self, changed: ChangedRow) -> Row:
        answer = self.stack.client("dynamodb").get_item(
            TableName=self.tables[changed.table],
            Key=typed(dict(changed.key)),
            ConsistentRead=True,
        )
        if "Item" not in answer:
            raise NotPublished(f"there is no row {changed}; delete the message if that is right")
        return plain(answer["Item"])


_EVENTS: Mapping[str, Callable[[Row], Event | None]] = {
    "CustomerOrders": lambda row: outcomes.event_of_order(row),
    "ManualReview": lambda row: outcomes.event_of_review(row),
}


def _event(changed: ChangedRow, row: Row) -> Event | None:
    """The event that the row stands for; None if it has none to publish now."""
    try:
        return _EVENTS[changed.table](row)
    except Exception as error:  # a row may be wrong in any way: that is why it was not published
        why = f"{type(error).__name__}: {error}"
        raise NotPublished(f"the row {changed} makes no event, {why}; correct the row") from error
