"""Cancelling an order: until when, what comes back, and that every crash is made good."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.cancellation import cancel_order
from handlers.cancellation.adapters.cancellation_rows import Cancellations
from handlers.cancellation.rules.errors import NotCancellable
from handlers.cancellation.rules.order_canceller import Cancelled, OrderCanceller
from handlers.orders.rules.errors import UnknownOrder
from handlers.orders.rules.states import CANCEL_ORDER
from handlers.payments import wiring as payments_wiring
from handlers.payments.adapters.simulated_gateway import SimulatedGateway
from handlers.payments.rules.errors import PaymentGatewayUnavailable
from handlers.recovery.sweep_orders import handler as sweep_orders
from handlers.shared.adapters.dynamodb import Row, read
from handlers.shared.rules.errors import TableContended
from tests.handlers.conftest import CACHED
from tests.handlers.http import SHOP, Answer, Route, customer
from tests.handlers.placing import CUSTOMER, ORDER_ID, Store, ago
from tests.handlers.test_release_stock import cancelled

EXECUTION = f"arn:aws:states:us-east-1:123456789012:execution:orders:{ORDER_ID}"


def put_processed(store: Store, session: dict[str, Any] | None = None, **columns: Any) -> None:
    """An order that was paid and whose stock is committed."""
    recorded = {
        "State": "PROCESSED",
        "OrderStatus": "Confirmed",
        "PaymentStatus": "Successful",
        "ExecutionArn": EXECUTION,
        "Waiting": None,
        "Payment": None,
    }
    store.put_order(**{**recorded, **columns})
    given = session or {}
    store.put("CustomerPaymentSession", SessionId=ORDER_ID, PaymentStatus="Success", **given)
    items = [{"itemId": "lamp", "quantity": 3}, {"itemId": "bulb", "quantity": 1}]
    store.put("Reservations", OrderId=ORDER_ID, Status="COMMITTED", Items=items)
    for item, price, on_hand, reserved in (("lamp", 1999, 6, 3), ("bulb", 50, 8, 1)):
        store.put(
            "Inventory",
            ProductId=item,
            OnHand=on_hand,
            Reserved=reserved,
            Price=price,
            Currency="USD",
        )
    gateway = SimulatedGateway(store.client, "PaymentGateway")
    gateway.authorize(ORDER_ID, 6047, "USD", "tok_visa")
    gateway.capture(ORDER_ID, 6047, "USD")


def session(store: Store) -> Row:
    return read(store.client, "CustomerPaymentSession", SessionId=ORDER_ID) or {}


def operations(store: Store) -> list[str]:
    row = read(store.client, "PaymentGateway", Id=ORDER_ID) or {"Entries": []}
    return [entry["operation"] for entry in row["Entries"]]


def stock(store: Store) -> set[tuple[str, int, int]]:
    return {(row["ProductId"], row["OnHand"], row["Reserved"]) for row in store.rows("Inventory")}


def assert_given_back(store: Store) -> None:
    row = store.order()
    assert (row["State"], row["Reason"]) == ("CANCELLED", "OrderCancelled")
    assert (row["ExecutionArn"], row["ClosedBy"]) == (CANCEL_ORDER, CANCEL_ORDER)
    assert "ClosedAt" in row
    assert (row["OrderStatus"], row["PaymentStatus"]) == ("Failed", "Refunded")
    assert row["ShippingStatus"] == "Unsuccessful"
    assert "Waiting" not in row
    assert session(store)["PaymentStatus"] == "Refunded"
    assert operations(store) == ["authorize", "capture", "refund"]
    assert stock(store) == {("lamp", 9, 0), ("bulb", 9, 0)}


def assert_stands(store: Store) -> None:
    assert session(store)["PaymentStatus"] == "Success"
    assert operations(store) == ["authorize", "capture"]
    assert stock(store) == {("lamp", 6, 3), ("bulb", 8, 1)}


@pytest.fixture
def cancel(store: Store, context: LambdaContext) -> Callable[..., Answer]:
    route = Route("POST /orders/{orderId}/cancel", cancel_order.handler, context)

    def sent(authorizer: Any = SHOP, order_id: str = ORDER_ID, **more: Any) -> Answer:
        return route(authorizer, pathParameters={"orderId": order_id}, **more)

    return sent


def test_a_waiting_order_is_flagged_and_no_younger(store: Store, cancel: Any) -> None:
    row = store.put_order()
    for _ in range(2):
        answer = cancel(customer(CUSTOMER))
        assert (answer.status, answer.body) == (202, {"orderId": ORDER_ID, "state": "PENDING"})
    assert store.order()["CancelRequested"] is True
    assert store.order()["UpdatedAt"] == row["UpdatedAt"]


def test_a_paid_order_is_cancelled_refunded_released_and_closed(store: Store, cancel: Any) -> None:
    put_processed(store)
    answer = cancel(customer(CUSTOMER))
    assert (answer.status, answer.body) == (200, {"orderId": ORDER_ID, "state": "CANCELLED"})
    assert_given_back(store)
    assert store.rows("ManualReview") == []


def test_cancelling_again_is_fine_and_does_nothing(store: Store, cancel: Any, tables: Any) -> None:
    put_processed(store)
    first = cancel()
    rows = tables.rows()
    assert cancel() == first
    assert tables.rows() == rows


def test_a_checkout_that_was_confirmed_is_cancelled_alike(store: Store, cancel: Any) -> None:
    put_processed(store, CartId="835235", ShippingStatus="Successful")
    assert cancel().status == 200
    assert_given_back(store)


LATE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "claimed": ({}, {"ClaimedAt": ago(minutes=1)}),
    "unpaid": ({}, {"PaymentStatus": "Failed"}),
    "fulfilled": ({"State": "FULFILLED"}, {"ClaimedAt": ago(minutes=1)}),
    "refunded": ({"State": "REFUNDED"}, {}),
    "failed": ({"State": "FAILED"}, {}),
    "checkout": ({"State": "PENDING", "CartId": "835235"}, {}),
}


@pytest.mark.parametrize(("columns", "of_session"), LATE.values(), ids=LATE)
def test_it_may_be_too_late_to_cancel_and_then_nothing_changes(
    columns: dict[str, Any], of_session: dict[str, Any], store: Store, cancel: Any
) -> None:
    put_processed(store, **columns)
    store.put("CustomerPaymentSession", **{**session(store), **of_session})
    rows = store.order(), session(store)
    assert cancel().status == 409
    assert (store.order(), session(store)) == rows
    assert operations(store) == ["authorize", "capture"]


def test_an_order_without_a_session_is_not_cancelled(store: Store, cancel: Any) -> None:
    put_processed(store)
    store.client.delete_item(TableName="CustomerPaymentSession", Key={"SessionId": {"S": ORDER_ID}})
    assert cancel().status == 409
    assert store.rows("CustomerPaymentSession") == []


def test_only_whose_order_it_is_may_cancel_it(store: Store, cancel: Any) -> None:
    put_processed(store)
    assert cancel(customer("c-2")).status == 404
    assert cancel(None).status == 401
    assert cancel(order_id="no-order").status == 404
    assert_stands(store)


def test_a_body_is_not_needed_and_not_read_but_bounded(store: Store, cancel: Any) -> None:
    store.put_order()
    assert cancel(body="{").status == 202
    assert cancel(body="x" * 1025).status == 413


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A gateway that does not answer."""

    class Silent:
        def void(self, order_id: str) -> None:
            raise PaymentGatewayUnavailable("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(payments_wiring, "gateway", Silent)
        yield patch


def sweep(store: Store, context: LambdaContext) -> None:
    """The sweep, five minutes later."""
    store.put("CustomerOrders", **{**store.order(), "UpdatedAt": ago(minutes=6)})
    assert sweep_orders({}, context) == {"orders": 1, "reservations": 0}


def test_a_refund_that_must_wait_is_the_sweepers_and_the_order_is_cancelled_all_the_same(
    store: Store,
    cancel: Any,
    silent: pytest.MonkeyPatch,
    context: LambdaContext,
    log: StringIO,
) -> None:
    put_processed(store)
    assert cancel().status == 200
    assert "PaymentGatewayUnavailable" in log.getvalue()
    row = store.order()
    assert (row["State"], row["PaymentStatus"]) == ("CANCELLED", "Successful")
    assert not {"ClosedAt", "HandedOverAt"} & row.keys()
    silent.undo()
    forget()
    assert sweep_orders({}, context) == {"orders": 0, "reservations": 0}
    sweep(store, context)
    assert_given_back(store)
    assert store.rows("ManualReview") == []


def forget() -> None:
    """The functions are started anew, and wire what is there now."""
    for cached in CACHED:
        cached.cache_clear()


def test_what_cannot_be_given_back_is_reviewed_at_once_and_tried_again_until_it_can(
    store: Store, cancel: Any, context: LambdaContext
) -> None:
    put_processed(store)
    lamp = {"ProductId": "lamp", "Price": 1999, "Currency": "USD"}
    store.put("Inventory", **lamp, OnHand=9, Reserved=0)
    assert cancel().status == 200
    row = store.order()
    assert ("HandedOverAt" in row, "ClosedAt" in row) == (True, False)
    (review,) = store.rows("ManualReview")
    assert review["ReviewId"] == f"ReleaseStock {CANCEL_ORDER}"
    assert (review["Reason"], review["CustomerId"]) == ("StockInconsistent", CUSTOMER)
    sweep(store, context)
    assert (store.rows("ManualReview"), "ClosedAt" in store.order()) == ([review], False)
    store.put("Inventory", **lamp, OnHand=6, Reserved=3)
    sweep(store, context)
    assert_given_back(store)
    done = "payment: refunded; stock: released"
    assert store.rows("ManualReview") == [{**review, "Done": done}]


def canceller(store: Store, client: Any = None) -> OrderCanceller:
    """A canceller whose cancellations are written by a client."""
    rows = Cancellations(
        client or store.client, "CustomerOrders", "CustomerPaymentSession", sleep=lambda _: None
    )
    return replace(cancel_order.order_canceller(), rows=rows)


@pytest.mark.parametrize(
    "columns",
    [
        {"State": "PENDING", "CartId": "835235"},
        *({"State": state} for state in ("PROCESSED", "FAILED", "CANCELLED", "FULFILLED")),
    ],
    ids=lambda columns: columns["State"],
)
def test_only_a_placed_order_that_waits_is_asked_not_to_be_captured(
    columns: dict[str, Any], store: Store
) -> None:
    store.put_order(**columns)
    row = store.order()
    assert canceller(store).rows.request(ORDER_ID) is None
    assert store.order() == row


def test_no_order_is_made_up_to_be_cancelled(store: Store) -> None:
    assert canceller(store).rows.request(ORDER_ID) is None
    assert not canceller(store).rows.cancel(ORDER_ID)
    assert store.rows("CustomerOrders") == store.rows("CustomerPaymentSession") == []


@pytest.mark.parametrize("state", ["PENDING", "FAILED", "CANCELLED", "FULFILLED", "REFUNDED"])
def test_only_a_recorded_order_is_cancelled_though_nobody_has_claimed_its_session(
    state: str, store: Store
) -> None:
    put_processed(store, State=state)
    rows = store.order(), session(store)
    assert not canceller(store).rows.cancel(ORDER_ID)
    assert (store.order(), session(store)) == rows


class Racing:
    """A DynamoDB client before whose writes somebody else does something, once."""

    def __init__(self, client: Any, before: Callable[[], object]) -> None:
        self._client = client
        self._before = [before]

    def __getattr__(self, name: str) -> Any:
        if name in ("transact_write_items", "update_item") and self._before:
            self._before.pop()()
        return getattr(self._client, name)


def test_of_a_claim_and_a_cancellation_the_first_wins(store: Store) -> None:
    put_processed(store)

    def claim() -> None:
        store.put("CustomerPaymentSession", **session(store), ClaimedAt=ago())

    with pytest.raises(NotCancellable, match="being shipped"):
        canceller(store, Racing(store.client, claim)).cancel(store.order())
    assert_stands(store)


def test_an_order_that_is_recorded_while_it_is_flagged_is_cancelled_as_a_paid_one(
    store: Store,
) -> None:
    row = store.put_order()
    racing = Racing(store.client, lambda: put_processed(store))
    assert canceller(store, racing).cancel(row) is Cancelled.DECIDED
    assert "CancelRequested" not in store.order()


def test_of_two_cancellations_at_once_either_finishes_and_nothing_comes_back_twice(
    store: Store,
) -> None:
    """Who is refused by a row that is CANCELLED may have written it, and lost the answer."""
    put_processed(store)
    row = store.order()
    racing = Racing(store.client, lambda: canceller(store).cancel(row))
    assert canceller(store, racing).cancel(row) is Cancelled.DECIDED
    for _ in range(2):
        canceller(store).give_back(ORDER_ID)
    assert_given_back(store)


def test_an_order_that_is_removed_while_it_is_cancelled_is_unknown(store: Store) -> None:
    row = store.put_order()
    key = {"OrderId": {"S": ORDER_ID}}
    racing = Racing(
        store.client, lambda: store.client.delete_item(TableName="CustomerOrders", Key=key)
    )
    with pytest.raises(UnknownOrder):
        canceller(store, racing).cancel(row)
    assert store.rows("CustomerOrders") == []


def test_other_writers_in_the_way_are_contention(
    store: Store, cancel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_processed(store)

    class Busy:
        def __getattr__(self, name: str) -> Any:
            return getattr(store.client, name)

        def transact_write_items(self, **request: Any) -> Any:
            raise cancelled(["TransactionConflict", "None"])

    busy = canceller(store, Busy())
    with pytest.raises(TableContended):
        busy.cancel(store.order())
    monkeypatch.setattr(cancel_order, "order_canceller", lambda: busy)
    assert cancel().status == 503
    assert_stands(store)


@pytest.mark.parametrize("state", ["PROCESSED", "FULFILLED", "FAILED", "PENDING"])
def test_nothing_is_given_back_of_an_order_that_is_not_cancelled(state: str, store: Store) -> None:
    put_processed(store, State=state)
    row = store.order()
    canceller(store).give_back(ORDER_ID)
    assert store.order() == row
    assert_stands(store)


def test_what_a_machine_cancelled_is_left_to_it(store: Store, tables: Any) -> None:
    put_processed(store, State="CANCELLED", Waiting="yes", ExecutionArn=EXECUTION)
    rows = tables.rows()
    canceller(store).give_back(ORDER_ID)
    assert tables.rows() == rows


def test_a_cancellation_that_its_machine_records_meanwhile_is_not_closed_under_it(
    store: Store, cancel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_order()

    def recorded() -> None:
        store.put_order(State="CANCELLED", ExecutionArn=EXECUTION, Reason="OrderCancelled")

    racing = canceller(store, Racing(store.client, recorded))
    monkeypatch.setattr(cancel_order, "order_canceller", lambda: racing)
    assert cancel().body == {"orderId": ORDER_ID, "state": "CANCELLED"}
    assert store.order()["Waiting"] == "yes"
    assert "ClosedAt" not in store.order()


@pytest.mark.parametrize(
    ("before", "after"), [("Successful", "Refunded"), ("Pending", "Unsuccessful")]
)
def test_what_was_held_but_not_paid_is_not_called_refunded(
    before: str, after: str, store: Store
) -> None:
    waits = {"Waiting": "yes", "ExecutionArn": CANCEL_ORDER}
    store.put_order(State="CANCELLED", PaymentStatus=before, **waits)
    SimulatedGateway(store.client, "PaymentGateway").authorize(ORDER_ID, 6047, "USD", "tok_visa")
    canceller(store).give_back(ORDER_ID)
    assert operations(store) == ["authorize", "void"]
    assert store.order()["PaymentStatus"] == after
    assert "ClosedAt" in store.order()
