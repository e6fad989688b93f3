"""Taking an order in, when the process dies, an answer is lost or another one is faster."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from handlers.intake.adapters.idempotency_keys import KeyedOrders
from handlers.intake.adapters.pending_order_rows import PendingOrders
from handlers.intake.adapters.purchase_queue import PurchaseQueue
from handlers.intake.rules.idempotency import IdempotencyKey
from handlers.intake.rules.order_placer import Intake, Placed
from handlers.intake.rules.order_request import OrderRequest, parse_order
from handlers.payments.adapters.simulated_gateway import SimulatedGateway
from handlers.shared.rules.errors import TableContended
from handlers.shared.rules.json_text import exact
from handlers.stock.adapters.catalogue import Catalogue
from tests.handlers.checkouts import Fused
from tests.handlers.fakes import Crash, Fuse
from tests.handlers.placing import ORDER, ORDER_ID, Store
from tests.handlers.test_release_stock import cancelled

KEY = IdempotencyKey("key", "jwt:c-1")
REQUEST: OrderRequest = parse_order(exact(ORDER))
# The card's, the transaction's and the note's write, and the message, each before and after.
STEPS = 8


@dataclass(frozen=True)
class FusedQueue:
    """A queue that passes a fuse before and after it takes a message."""

    queue: PurchaseQueue
    fuse: Fuse

    def send(self, message: Mapping[str, Any]) -> None:
        self.fuse.step()
        self.queue.send(message)
        self.fuse.step()


def intake(store: Store, fuse: Fuse | None = None, client: Any = None) -> Intake:
    fuse = fuse or Fuse()
    client = client or Fused(store.client, fuse)
    orders = PendingOrders(client, "CustomerOrders", sleep=lambda _: None)
    return Intake(
        orders=orders,
        keyed=KeyedOrders(orders, "IdempotencyKeys"),
        queue=FusedQueue(PurchaseQueue(store.sqs, store.queue), fuse),
        catalogue=Catalogue(client, "Inventory"),
        vault=SimulatedGateway(client, "PaymentGateway"),
        clock=lambda: datetime.now(UTC),
        new_id=lambda: ORDER_ID,
    )


@pytest.mark.parametrize("steps", range(STEPS))
def test_after_a_crash_anywhere_the_callers_retry_finds_or_makes_the_one_order(
    steps: int, store: Store
) -> None:
    with pytest.raises(Crash):
        intake(store, Fuse(steps)).place(REQUEST, KEY)
    placed = intake(store).place(REQUEST, KEY)
    assert placed == Placed(KEY.order_id, "PENDING")
    assert len(store.rows("CustomerOrders")) == len(store.rows("IdempotencyKeys")) == 1
    assert "QueuedAt" in store.order(KEY.order_id)
    sent = store.messages()
    assert 1 <= len(sent) <= 2
    assert {message["orderId"] for message in sent} == {KEY.order_id}


def test_the_crashes_cover_every_step(store: Store) -> None:
    fuse = Fuse(STEPS)
    intake(store, fuse).place(REQUEST, KEY)
    assert fuse.left == 0


@pytest.mark.parametrize("steps", range(STEPS))
def test_a_crash_leaves_either_nothing_or_a_row_that_the_sweeper_finds(
    steps: int, store: Store
) -> None:
    with pytest.raises(Crash):
        intake(store, Fuse(steps)).place(REQUEST, None)
    rows, sent = store.rows("CustomerOrders"), store.messages()
    assert rows or not sent
    assert all(row["Waiting"] == "yes" and "Payment" in row for row in rows)


class Failing:
    """A queue that takes no message."""

    def send(self, message: Mapping[str, Any]) -> None:
        raise ClientError({"Error": {"Code": "ServiceUnavailable"}}, "SendMessage")


def test_an_order_whose_message_cannot_be_sent_is_accepted_and_sent_on_the_retry(
    store: Store,
) -> None:
    placed = replace(intake(store), queue=Failing()).place(REQUEST, KEY)
    assert isinstance(placed.unsent, ClientError)
    assert "QueuedAt" not in store.order(placed.order_id)
    assert intake(store).place(REQUEST, KEY).unsent is None
    assert len(store.messages()) == 1


class Interrupted:
    """A DynamoDB client before whose transaction somebody else does something."""

    def __init__(self, client: Any, before: Callable[[], object]) -> None:
        self._client = client
        self._before = before

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **request: Any) -> Any:
        self._before()
        return self._client.transact_write_items(**request)


def test_of_two_requests_at_once_one_makes_the_order_and_both_get_it(store: Store) -> None:
    first: list[Placed] = []

    def another() -> None:
        if not first:
            first.append(intake(store).place(REQUEST, KEY))

    placed = intake(store, client=Interrupted(store.client, another)).place(REQUEST, KEY)
    assert [placed] == first
    assert len(store.rows("CustomerOrders")) == len(store.messages()) == 1


def test_an_order_without_a_key_whose_writes_answer_was_lost_is_the_same_order(
    store: Store,
) -> None:
    def lose_an_answer() -> None:
        if not store.rows("CustomerOrders"):
            intake(store).place(REQUEST, None)

    placed = intake(store, client=Interrupted(store.client, lose_an_answer)).place(REQUEST, None)
    assert placed == Placed(ORDER_ID, "PENDING")
    assert len(store.rows("CustomerOrders")) == 1


def test_other_writers_in_the_way_are_waited_for_and_then_named(store: Store) -> None:
    def conflict() -> None:
        raise cancelled(["TransactionConflict", "None"])

    with pytest.raises(TableContended):
        intake(store, client=Interrupted(store.client, conflict)).place(REQUEST, KEY)
    assert store.rows("CustomerOrders") == store.rows("IdempotencyKeys") == []


def test_a_note_that_comes_after_the_order_was_decided_changes_nothing(store: Store) -> None:
    store.put_order(State="PROCESSED")
    PendingOrders(store.client, "CustomerOrders").note_queued(ORDER_ID)
    assert "QueuedAt" not in store.order()
    PendingOrders(store.client, "CustomerOrders").note_queued(KEY.order_id)
    assert len(store.rows("CustomerOrders")) == 1


def test_keys_that_capacity_kept_back_are_asked_for_again(store: Store) -> None:
    class Short:
        """A client that answers one key at a time."""

        def batch_get_item(self, RequestItems: Any) -> Any:  # noqa: N803
            (table, wanted), *_ = RequestItems.items()
            first, *rest = wanted["Keys"]
            answer = store.client.batch_get_item(RequestItems={table: {"Keys": [first]}})
            return {**answer, "UnprocessedKeys": {table: {"Keys": rest}} if rest else {}}

    slept: list[float] = []
    rows = Catalogue(Short(), "Inventory", slept.append).rows(["lamp", "bulb", "sofa"])
    assert {item: row["Price"] for item, row in rows.items()} == {"lamp": 1999, "bulb": 50}
    assert sum(map(bool, slept)) == 2
