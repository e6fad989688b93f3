"""Cancelling an order: until when, what comes back, and that every crash is made good."""

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import cancel_order, intake_wiring, wiring
from handlers.adapters.cancellations import Cancellations
from handlers.adapters.cancelled_stock import CancelledStock
from handlers.adapters.dynamodb import Row, read
from handlers.adapters.orders import Orders
from handlers.adapters.reviews import Reviews
from handlers.adapters.simulated_gateway import SimulatedGateway
from handlers.adapters.stock import Stock
from handlers.domain.cancellation import Cancelled, Cancelling
from handlers.domain.errors import PaymentGatewayUnavailable, StockCommitted, TableContended
from handlers.domain.intake_errors import NotCancellable, UnknownOrder
from handlers.domain.telling import Telling
from handlers.mark_published import handler as mark_published
from handlers.republish_outcomes import handler as republish_outcomes
from handlers.sweep_orders import handler as sweep_orders
from tests.handlers.bus import Bus, batch, bus_event
from tests.handlers.checkouts import Fused, Told
from tests.handlers.fakes import Crash, Fuse
from tests.handlers.http import SHOP, Answer, Route, customer
from tests.handlers.placing import CUSTOMER, ORDER_ID, Store, ago
from tests.handlers.test_release_stock import cancelled

EXECUTION = f"arn:aws:states:us-east-1:123456789012:execution:orders:{ORDER_ID}"
TOLD = [
    (
        "OrderCancelled",
        {
            "orderId": ORDER_ID,
            "customerId": CUSTOMER,
            "orderTotal": 6047,
            "currency": "USD",
            "reason": "OrderCancelled",
            "cause": "the customer cancelled the order",
        },
    )
]


def put_processed(store: Store, session: dict[str, Any] | None = None, **columns: Any) -> None:
    """An order that was paid, whose stock is committed and whose outcome was told."""
    recorded = {
        "State": "PROCESSED",
        "OrderStatus": "Confirmed",
        "PaymentStatus": "Successful",
        "PublishedAt": ago(minutes=9),
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
    assert (row["State"], row["Reason"], row["Compensated"]) == (
        "CANCELLED",
        "OrderCancelled",
        True,
    )
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
def cancel(store: Store, told: Bus, context: LambdaContext) -> Callable[..., Answer]:
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


def test_a_paid_order_is_cancelled_refunded_released_and_told(
    store: Store, told: Bus, cancel: Any
) -> None:
    put_processed(store)
    answer = cancel(customer(CUSTOMER))
    assert (answer.status, answer.body) == (200, {"orderId": ORDER_ID, "state": "CANCELLED"})
    assert_given_back(store)
    assert told.told() == TOLD
    assert "Unpublished" not in store.order()


def test_cancelling_again_is_fine_and_does_nothing(store: Store, told: Bus, cancel: Any) -> None:
    put_processed(store)
    first = cancel()
    row = store.order()
    told.told()
    assert cancel() == first
    assert (store.order(), told.told()) == (row, [])


def test_a_checkout_that_was_confirmed_is_cancelled_alike(
    store: Store, told: Bus, cancel: Any
) -> None:
    put_processed(store, CartId="835235", ShippingStatus="Successful")
    assert cancel().status == 200
    assert_given_back(store)
    assert told.told() == TOLD


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
    columns: dict[str, Any], of_session: dict[str, Any], store: Store, told: Bus, cancel: Any
) -> None:
    put_processed(store, **columns)
    store.put("CustomerPaymentSession", **{**session(store), **of_session})
    rows = store.order(), session(store)
    assert cancel().status == 409
    assert (store.order(), session(store)) == rows
    assert operations(store) == ["authorize", "capture"]
    assert told.told() == []


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
        patch.setattr(wiring, "payments", Silent)
        yield patch


def test_a_refund_that_must_wait_is_the_sweepers_and_the_order_is_cancelled_all_the_same(
    store: Store,
    told: Bus,
    cancel: Any,
    silent: pytest.MonkeyPatch,
    context: LambdaContext,
    log: StringIO,
) -> None:
    put_processed(store)
    assert cancel().status == 200
    assert "PaymentGatewayUnavailable" in log.getvalue()
    row = store.order()
    assert (row["State"], row["PaymentStatus"], row["Compensated"]) == (
        "CANCELLED",
        "Successful",
        False,
    )
    silent.undo()
    assert sweep_orders({}, context) == {"orders": 0}
    store.put("CustomerOrders", **{**row, "UpdatedAt": ago(minutes=6)})
    assert sweep_orders({}, context) == {"orders": 1}
    assert_given_back(store)
    assert told.told() == TOLD


def test_an_outcome_from_before_the_cancellation_does_not_count_as_told(
    store: Store, told: Bus, cancel: Any, silent: pytest.MonkeyPatch, context: LambdaContext
) -> None:
    put_processed(store)
    cancel()
    mark_published(batch(bus_event("OrderProcessed", orderId=ORDER_ID)), context)
    store.put("CustomerOrders", **{**store.order(), "UpdatedAt": ago(minutes=6)})
    assert republish_outcomes({}, context) == {"rows": 1}
    assert told.told() == TOLD


def cancelling(store: Store, bus: Told, client: Any) -> Cancelling:
    orders = Orders(client, "CustomerOrders")
    gateway = SimulatedGateway(client, "PaymentGateway")
    return Cancelling(
        orders=orders,
        rows=Cancellations(
            client, "CustomerOrders", "CustomerPaymentSession", sleep=lambda _: None
        ),
        refund=lambda row: gateway.void(row["OrderId"]),
        stock=CancelledStock(orders, Stock(client, "Reservations", "Inventory")),
        telling=Telling(orders, Reviews(client, "ManualReview"), bus),
    )


def cancel_whole(made: Cancelling, store: Store) -> None:
    if made.cancel(store.order()) is Cancelled.DECIDED:
        made.give_back(ORDER_ID)


@pytest.mark.parametrize("steps", range(10))
def test_after_a_crash_anywhere_the_sweeper_finishes_what_was_decided(
    steps: int, store: Store
) -> None:
    put_processed(store)
    bus = Told()
    with pytest.raises(Crash):
        cancel_whole(cancelling(store, bus, Fused(store.client, Fuse(steps))), store)
    whole = cancelling(store, bus, store.client)
    if store.order()["State"] == "PROCESSED":
        assert_stands(store)
        whole.cancel(store.order())
    if "Waiting" in store.order():
        whole.give_back(ORDER_ID)
    assert_given_back(store)
    assert bus.types.count("OrderCancelled") <= 1
    assert bus.types or "Unpublished" in store.order()


def test_the_crashes_cover_every_step(store: Store) -> None:
    put_processed(store)
    fuse = Fuse(10)
    cancel_whole(cancelling(store, Told(), Fused(store.client, fuse)), store)
    assert fuse.left == 0


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
        cancelling(store, Told(), Racing(store.client, claim)).cancel(store.order())
    assert_stands(store)


def test_an_order_that_is_recorded_while_it_is_flagged_is_cancelled_as_a_paid_one(
    store: Store,
) -> None:
    row = store.put_order()
    racing = Racing(store.client, lambda: put_processed(store))
    assert cancelling(store, Told(), racing).cancel(row) is Cancelled.DECIDED
    assert "CancelRequested" not in store.order()


def test_of_two_cancellations_at_once_one_decides(store: Store) -> None:
    put_processed(store)
    other = cancelling(store, Told(), store.client)
    racing = Racing(store.client, lambda: other.cancel(store.order()))
    assert cancelling(store, Told(), racing).cancel(store.order()) is Cancelled.BEFORE


def test_an_order_that_is_removed_while_it_is_cancelled_is_unknown(store: Store) -> None:
    row = store.put_order()
    key = {"OrderId": {"S": ORDER_ID}}
    racing = Racing(
        store.client, lambda: store.client.delete_item(TableName="CustomerOrders", Key=key)
    )
    with pytest.raises(UnknownOrder):
        cancelling(store, Told(), racing).cancel(row)
    assert store.rows("CustomerOrders") == []


def test_other_writers_in_the_way_are_told_as_such(
    store: Store, cancel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_processed(store)

    class Busy:
        def __getattr__(self, name: str) -> Any:
            return getattr(store.client, name)

        def transact_write_items(self, **request: Any) -> Any:
            raise cancelled(["TransactionConflict", "None"])

    busy = cancelling(store, Told(), Busy())
    with pytest.raises(TableContended):
        busy.cancel(store.order())
    monkeypatch.setattr(intake_wiring, "cancelling", lambda: busy)
    assert cancel().status == 503
    assert_stands(store)


@pytest.mark.parametrize("state", ["PROCESSED", "FULFILLED", "FAILED", "PENDING", None])
def test_committed_stock_is_given_back_of_cancelled_orders_only(
    state: str | None, store: Store
) -> None:
    put_processed(store)
    orders = Orders(store.client, "CustomerOrders")
    if state is None:
        key = {"OrderId": {"S": ORDER_ID}}
        store.client.delete_item(TableName="CustomerOrders", Key=key)
    else:
        store.put("CustomerOrders", **{**store.order(), "State": state})
    with pytest.raises(StockCommitted):
        CancelledStock(orders, Stock(store.client, "Reservations", "Inventory")).release(ORDER_ID)
    assert_stands(store)


def test_nothing_is_given_back_of_an_order_that_is_not_cancelled(store: Store) -> None:
    put_processed(store)
    bus = Told()
    cancelling(store, bus, store.client).give_back(ORDER_ID)
    assert_stands(store)
    assert bus.types == []


@pytest.mark.parametrize(
    ("before", "after"), [("Successful", "Refunded"), ("Pending", "Unsuccessful")]
)
def test_what_was_held_but_not_paid_is_not_called_refunded(
    before: str, after: str, store: Store
) -> None:
    """The machine's own cancellation, which the sweeper finishes."""
    store.put_order(State="CANCELLED", Compensated=False, PaymentStatus=before)
    SimulatedGateway(store.client, "PaymentGateway").authorize(ORDER_ID, 6047, "USD", "tok_visa")
    cancelling(store, Told(), store.client).give_back(ORDER_ID)
    assert operations(store) == ["authorize", "void"]
    assert (store.order()["PaymentStatus"], store.order()["Compensated"]) == (after, True)
