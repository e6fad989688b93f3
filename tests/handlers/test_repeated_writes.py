"""A write that lands once more after any later step of its order changes nothing that followed.

The lives of orders below are made of functions, which really run, and of what state machines and
people write between them. After every step each write that a function has made so far lands again
as it was sent, as when a client's first attempt arrives after its last; then each function that has
run so far is invoked again. Neither may change a row.
"""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

import handlers
from handlers.cancellation.cancel_order import handler as cancel_order
from handlers.checkout import wiring as checkout_wiring
from handlers.checkout.create_order import handler as create_order
from handlers.checkout.fail_checkout import handler as fail_checkout
from handlers.checkout.request_payment import handler as request_payment
from handlers.checkout.request_shipping import handler as request_shipping
from handlers.checkout.rules.answers import Step as Asked
from handlers.checkout.rules.checkout_request import normalized
from handlers.checkout.rules.errors import CheckoutClosed
from handlers.fulfillment.adapters.fulfillment_machine import FulfillmentMachine
from handlers.fulfillment.cancel_shipments import handler as cancel_shipments
from handlers.fulfillment.plan_shipments import handler as plan_shipments
from handlers.fulfillment.send_to_center import handler as send_to_center
from handlers.fulfillment.start_fulfillment import handler as start_fulfillment
from handlers.fulfillment.update_inventory import handler as update_inventory
from handlers.intake.adapters.order_machine import Machine
from handlers.intake.place_order import handler as place_order
from handlers.intake.start_order import handler as start_order
from handlers.notifications.notify_user import handler as notify_user
from handlers.payments.authorize_payment import handler as authorize_payment
from handlers.payments.capture_payment import handler as capture_payment
from handlers.payments.void_payment import handler as void_payment
from handlers.recovery import wiring as recovery_wiring
from handlers.recovery.adapters.executions import Executions
from handlers.recovery.reconcile_order import handler as reconcile_order
from handlers.recovery.sweep_orders import handler as sweep_orders
from handlers.shared.adapters.dynamodb import Row, typed
from handlers.stock.release_stock import handler as release_stock
from tests.handlers.bus import batch, bus_event
from tests.handlers.calls import Calls, Write
from tests.handlers.checkouts import ANOTHER, CART, DOCUMENT, EXECUTION, ORDER_ID, Shop
from tests.handlers.ended import States, delivery, ended, execution
from tests.handlers.http import event
from tests.handlers.placing import CUSTOMER, ORDER, Store, ago

NOW = "2026-01-01T12:00:00.000Z"


@dataclass
class Life:
    """One order from its beginning, in real tables."""

    store: Store
    shop: Shop
    states: States
    context: LambdaContext
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def order(self) -> str:
        """The order's id: a placed one's, else the checkout's."""
        return str(self.kept.get("order", ORDER_ID))

    @property
    def arn(self) -> str:
        return execution(self.order) if "order" in self.kept else EXECUTION

    def set(self, table: str, key: Mapping[str, str], *removed: str, **columns: Any) -> None:
        """What a machine or a human writes, whatever stands."""
        names = [*columns, *removed]
        expression = f"SET {', '.join(f'#{name} = :{name}' for name in columns)}"
        if removed:
            expression += f" REMOVE {', '.join(f'#{name}' for name in removed)}"
        self.store.client.update_item(
            TableName=table,
            Key=typed(key),
            UpdateExpression=expression,
            ExpressionAttributeNames={f"#{name}": name for name in names},
            ExpressionAttributeValues=typed({f":{name}": columns[name] for name in columns}),
        )

    def set_order(self, *removed: str, **columns: Any) -> None:
        key = {"OrderId": self.order}
        self.set("CustomerOrders", key, *removed, UpdatedAt=NOW, **columns)


Do = Callable[[Life], object]


@dataclass(frozen=True)
class Step:
    """A step of a life.

    Attributes:
        name: what it is called.
        do: takes it.
        is_function: whether a function takes it.
        lets_go_on: whether something that failed before would succeed from now on, so that a
            repetition of it is progress; nothing is repeated before the next step.
    """

    name: str
    do: Do
    is_function: bool = True
    lets_go_on: bool = False


def machine(do: Do, *, lets_go_on: bool = False) -> Step:
    """A step that a state machine or a human takes."""
    return Step(do.__name__, do, is_function=False, lets_go_on=lets_go_on)


def function(name: str, handler: Any, payload: Callable[[Life], Any]) -> Step:
    """A step that a function takes with a payload."""
    return Step(name, lambda life: handler(payload(life), life.context))


# What functions do.


def _place(life: Life) -> None:
    body = {**ORDER, "paymentDetails": {"token": "tok_visa"}}
    headers = {"content-type": "application/json", "idempotency-key": "a-key-of-mine"}
    answer = place_order(event("POST /orders", body=body, headers=headers), life.context)
    life.kept["order"] = json.loads(answer["body"])["orderId"]


def _mailed(detail_type: str) -> Step:
    return function(
        f"mail {detail_type}",
        notify_user,
        lambda life: batch(bus_event(detail_type, orderId=life.order)),
    )


def _amount(life: Life) -> dict[str, Any]:
    payment = {"token": "tok_visa"}
    return {"orderId": life.order, "amount": 6047, "currency": "USD", "payment": payment}


def _id(life: Life) -> dict[str, Any]:
    return {"orderId": life.order}


def _cancel_request(life: Life) -> dict[str, Any]:
    return event("POST /orders/{orderId}/cancel", pathParameters={"orderId": life.order})


def _status(life: Life) -> dict[str, Any]:
    return delivery(ended(life.arn))


def _creation(arn: str) -> Callable[[Life], dict[str, Any]]:
    return lambda _: {"checkout": DOCUMENT, "executionArn": arn}


def _create_too_late(life: Life) -> None:
    with pytest.raises(CheckoutClosed):
        create_order(_creation(EXECUTION)(life), life.context)


def _request(token: str) -> Callable[[Life], dict[str, Any]]:
    def payload(life: Life) -> dict[str, Any]:
        life.shop.machine.waiting.add(token)
        return {"order": normalized(life.shop.row()), "taskToken": token}

    return payload


def _callback(step: Asked, word: str) -> Step:
    return Step(f"{step} {word}", lambda life: life.shop.receiving.receive(step, ORDER_ID, word))


def _failure(stage: str, error: str, arn: str = EXECUTION) -> Callable[[Life], dict[str, Any]]:
    order = {} if stage == "create" else {"order": {"orderId": ORDER_ID}}
    known = {"checkout": DOCUMENT, "executionArn": arn, "stage": stage, "error": error}
    return lambda _: {**known, **order, "cause": "why"}


def _session(life: Life) -> dict[str, Any]:
    products = [{"id": "lamp", "name": "A lamp", "quantity": 3, "fulfillmentCenterId": "fc-1"}]
    if "order" not in life.kept:
        products = [
            {"id": name, "name": name, "quantity": pieces, "fulfillmentCenterId": "fc-1"}
            for name, pieces in (("Orange", 1), ("Banana", 2))
        ]
    else:
        bulb = {"id": "bulb", "name": "A bulb", "quantity": 1, "fulfillmentCenterId": "fc-1"}
        products.append(bulb)
    return {
        "SessionId": life.order,
        "CustomerId": CUSTOMER,
        "PaymentStatus": "Success",
        "Products": products,
    }


def _plan(life: Life) -> None:
    answer = plan_shipments({"session": typed(_session(life))}, life.context)
    life.kept.setdefault("groups", []).append(answer["groups"][0])


def _group(number: int) -> Callable[[Life], dict[str, Any]]:
    return lambda life: {"group": life.kept["groups"][number]}


def _cancelled_group(life: Life) -> dict[str, Any]:
    parts = [{"step": "UpdateInventory", "done": False, "error": "X", "cause": "why"}]
    group = {**life.kept["groups"][0], "parts": parts}
    return {"groups": [group], "executionArn": execution(life.order, of="ship")}


PLACE = Step("place", _place)
START = function(
    "start", start_order, lambda life: batch({"orderId": life.order, "customerId": CUSTOMER})
)
AUTHORIZE = function("authorize", authorize_payment, _amount)
CAPTURE = function("capture", capture_payment, _amount)
VOID = function("void", void_payment, _id)
RELEASE = function("release", release_stock, _id)
CANCEL = function("cancel", cancel_order, _cancel_request)
RECONCILE = function("reconcile", reconcile_order, _status)
SWEEP = function("sweep", sweep_orders, lambda _: {})
SHIP = function(
    "start fulfillment",
    start_fulfillment,
    lambda life: batch(bus_event("OrderProcessed", orderId=life.order)),
)
PLAN = Step("plan", _plan)
TAKE, SEND = (
    function("take stock", update_inventory, _group(0)),
    function("send", send_to_center, _group(0)),
)


# What state machines and people write between them.


def _items(life: Life) -> list[dict[str, Any]]:
    return [{"itemId": "lamp", "quantity": 3}, {"itemId": "bulb", "quantity": 1}]


def reserve_stock(life: Life) -> None:
    known = {"Status": "RESERVED", "Items": _items(life), "ExecutionArn": life.arn}
    life.set(
        "Reservations", {"OrderId": life.order}, **known, Expiring="yes", ExpiresAt=4_000_000_000
    )
    for product, on_hand, reserved in (("lamp", 6, 3), ("bulb", 8, 1)):
        life.set("Inventory", {"ProductId": product}, OnHand=on_hand, Reserved=reserved)


def record_order(life: Life) -> None:
    paid = {"State": "PROCESSED", "OrderStatus": "Confirmed", "PaymentStatus": "Successful"}
    life.set_order("Waiting", **paid, ChargeId="ch_1", ExecutionArn=life.arn)
    _record_session(life)


def _record_session(life: Life) -> None:
    session = {name: value for name, value in _session(life).items() if name != "SessionId"}
    life.set("CustomerPaymentSession", {"SessionId": life.order}, **session, CreatedAt=NOW)
    key = {"OrderId": life.order}
    life.set("Reservations", key, "Expiring", "ExpiresAt", Status="COMMITTED")


def claim_session(life: Life) -> None:
    life.set("CustomerPaymentSession", {"SessionId": life.order}, ClaimedAt=NOW)


def record_fulfillment(life: Life) -> None:
    life.set_order(State="FULFILLED", ShippingStatus="Successful", ArrivalDate="2026-01-05")


def refuse(life: Life) -> None:
    refused = {"State": "FAILED", "Reason": "OutOfStock", "Cause": "why", "OrderStatus": "Failed"}
    life.set_order(**refused, ExecutionArn=life.arn, Waiting="yes")


def close(life: Life) -> None:
    closed = {"ClosedAt": NOW, "ClosedBy": life.arn, "PaymentStatus": "Unsuccessful"}
    life.set_order("Waiting", **closed, ShippingStatus="Unsuccessful")


def stop(life: Life) -> None:
    life.states.put(life.arn, "ABORTED", DOCUMENT if life.arn == EXECUTION else _input(life))


def _input(life: Life) -> dict[str, Any]:
    return {"orderId": life.order, "customerId": CUSTOMER, "orderTotal": 6047, "currency": "USD"}


def spoil_inventory(life: Life) -> None:
    life.set("Inventory", {"ProductId": "lamp"}, OnHand=9, Reserved=0)


def correct_inventory(life: Life) -> None:
    life.set("Inventory", {"ProductId": "lamp"}, OnHand=6, Reserved=3)


def settle_reviews(life: Life) -> None:
    for review in life.store.rows("ManualReview"):
        key = {name: review[name] for name in ("OrderId", "ReviewId")}
        life.set("ManualReview", key, "OpenSince", SettledAt=NOW, SettledBy="ada")


def wait(life: Life) -> None:
    """Ten minutes pass without a change of the row."""
    life.set("CustomerOrders", {"OrderId": life.order}, UpdatedAt=ago(minutes=10))


def stock_shop(life: Life) -> None:
    life.shop.stocked()


def take_payment(life: Life) -> None:
    life.shop.paid()


def record_payment(life: Life) -> None:
    life.set_order(PaymentStatus="Successful")


def confirm_order(life: Life) -> None:
    paid = {"State": "PROCESSED", "OrderStatus": "Confirmed", "ShippingStatus": "Successful"}
    life.set_order("Waiting", **paid, ExecutionArn=EXECUTION)
    _record_session(life)
    life.set("Carts", {"CartId": CART}, Status="CONFIRMED")


def lose_center_queue(life: Life) -> None:
    """The centre was asked for the first attempt, and nobody knows whether it heard."""
    key = {"OrderId": life.order, "FulfillmentCenterId": "fc-1"}
    life.set("Shipments", key, SendStatus="REQUESTED", RequestedAt=NOW)


PAID = [PLACE, START, AUTHORIZE, machine(reserve_stock), CAPTURE, machine(record_order)]
CAPTURED = PAID[:-1]
CANCEL_GROUP = function("cancel the group", cancel_shipments, _cancelled_group)
CHECKOUT = [
    machine(stock_shop),
    function("create", create_order, _creation(EXECUTION)),
    function("ask for payment", request_payment, _request("t-1")),
    machine(take_payment),
]
LIVES: dict[str, list[Step]] = {
    "fulfilled": [
        *PAID,
        _mailed("OrderProcessed"),
        SHIP,
        machine(claim_session),
        PLAN,
        TAKE,
        SEND,
        machine(record_fulfillment),
        _mailed("OrderFulfilled"),
        CANCEL,
        machine(stop),
        RECONCILE,
        SWEEP,
    ],
    "refused": [
        *CAPTURED,
        machine(refuse),
        VOID,
        RELEASE,
        machine(close),
        _mailed("OrderRejected"),
        machine(stop),
        RECONCILE,
        CANCEL,
    ],
    "left behind": [
        *CAPTURED,
        machine(stop),
        RECONCILE,
        _mailed("OrderRejected"),
        SWEEP,
        RECONCILE,
    ],
    "swept": [*CAPTURED, machine(stop), machine(wait), SWEEP, RECONCILE, machine(settle_reviews)],
    "cancelled while it waits": [PLACE, CANCEL, START, machine(stop), RECONCILE, CANCEL],
    "cancelled when it is paid": [
        *PAID,
        CANCEL,
        _mailed("OrderCancelled"),
        machine(stop),
        RECONCILE,
    ],
    "cannot be given back at once": [
        *CAPTURED,
        machine(spoil_inventory),
        machine(stop),
        RECONCILE,
        _mailed("OrderRejected"),
        machine(settle_reviews),
        machine(correct_inventory, lets_go_on=True),
        machine(wait, lets_go_on=True),
        SWEEP,
        RECONCILE,
    ],
    "confirmed checkout": [
        *CHECKOUT,
        _callback(Asked.PAYMENT, "succeeded"),
        machine(record_payment),
        function("ask for shipping", request_shipping, _request("t-2")),
        _callback(Asked.SHIPPING, "available"),
        machine(confirm_order),
        SHIP,
        machine(claim_session),
        PLAN,
        TAKE,
        SEND,
        machine(record_fulfillment),
        _mailed("OrderFulfilled"),
    ],
    "failed checkout whose cart goes on": [
        *CHECKOUT,
        function("refuse another", fail_checkout, _failure("create", "InvalidOrder", ANOTHER)),
        function("fail", fail_checkout, _failure("payment", "States.Timeout")),
        _callback(Asked.PAYMENT, "succeeded"),
        function("create again", create_order, _creation(f"{EXECUTION}-again")),
        machine(stop),
        RECONCILE,
    ],
    "checkout left behind": [
        *CHECKOUT,
        _callback(Asked.PAYMENT, "succeeded"),
        machine(stop),
        RECONCILE,
        _mailed("OrderRejected"),
        function("create again", create_order, _creation(f"{EXECUTION}-again")),
        function("fail", fail_checkout, _failure("payment", "States.Timeout")),
    ],
    "checkout that never began": [
        machine(stock_shop),
        function("fail", fail_checkout, _failure("create", "OutOfStock")),
        _mailed("OrderRejected"),
        Step("create", _create_too_late),
        function("create again", create_order, _creation(ANOTHER)),
    ],
    "shipped at the second attempt": [
        *PAID,
        SHIP,
        machine(claim_session),
        PLAN,
        machine(lose_center_queue),
        replace(CANCEL_GROUP, lets_go_on=True),
        PLAN,
        machine(settle_reviews),
        function("take stock again", update_inventory, _group(-1)),
        function("send again", send_to_center, _group(-1)),
        machine(record_fulfillment),
    ],
}

RENEWED = {"ExpiresAt"}
"""Until when a callback's row is kept, which every write of it renews."""

REPLACED = {"Token", "Status", "ExpiresAt"}
"""What a task that is retried says of itself: its token takes the place of an earlier one."""

Changes = dict[str, set[str]]
"""The columns that differ, by row."""


def changes(before: Mapping[str, Row], after: Mapping[str, Row]) -> Changes:
    """The columns that differ between two moments, of every row."""
    rows = {
        key: {
            name
            for name in {**before.get(key, {}), **after.get(key, {})}
            if before.get(key, {}).get(name) != after.get(key, {}).get(name)
        }
        for key in {**before, **after}
    }
    return {key: columns for key, columns in rows.items() if columns}


def unwanted(found: Changes, *, token: bool) -> Changes:
    """The changes that a repetition may not make; `token` where it hands out one anew."""
    allowed = REPLACED if token else RENEWED
    return {
        key: columns
        for key, columns in found.items()
        if not (key.startswith("PendingCallbacks/") and columns <= allowed)
    }


@pytest.fixture
def life(
    store: Store, context: LambdaContext, queues: None, monkeypatch: pytest.MonkeyPatch
) -> Life:
    shop, states = Shop(store.client), States()
    monkeypatch.setattr(recovery_wiring, "executions", lambda: Executions(states))
    monkeypatch.setattr(checkout_wiring, "waiting_tasks", lambda: shop.machine)
    monkeypatch.setattr(Machine, "start", lambda *_: True)
    monkeypatch.setattr(FulfillmentMachine, "start", lambda *_: True)
    boto3.client("sesv2").create_email_identity(EmailIdentity="orders@example.com")
    return Life(store, shop, states, context)


@pytest.mark.parametrize("name", LIVES)
def test_no_write_that_lands_again_after_a_later_step_changes_what_followed(
    name: str, life: Life, calls: Calls, tables: Any
) -> None:
    written: list[Write] = []
    for step in LIVES[name]:
        with calls.recorded() as writes:
            step.do(life)
        written += writes if step.is_function else []
        before, restore = tables.rows(), tables.keep()
        for write in calls.land_again([] if step.lets_go_on else written):
            found = changes(before, tables.rows())
            if found:
                token = "#Token = :token" in str(write.request)
                assert not unwanted(found, token=token), f"after {step.name}: {write}"
                restore()
    assert written


@pytest.mark.parametrize("name", LIVES)
def test_no_function_that_is_invoked_again_after_a_later_step_changes_what_followed(
    name: str, life: Life, tables: Any
) -> None:
    """What it answers is another matter: an order that is shipped cannot be cancelled any more."""
    taken: list[Step] = []
    for step in LIVES[name]:
        step.do(life)
        taken += [step] if step.is_function else []
        before, restore = tables.rows(), tables.keep()
        for earlier in [] if step.lets_go_on else taken:
            kept = copy.deepcopy(life.kept)
            with suppress(Exception):
                earlier.do(life)
            life.kept = kept
            found = changes(before, tables.rows())
            if found:
                where = f"{earlier.name} after {step.name}"
                assert not unwanted(found, token=earlier.name.startswith("ask")), where
                restore()


def test_the_lives_are_made_of_every_function_that_writes() -> None:
    """Those that only read, send or publish aside."""
    table_writers = {
        path.stem
        for path in Path(handlers.__file__).parent.glob("*/*.py")
        if "def handler(" in path.read_text()
    }
    silent = {
        "get_order",
        "link_label",
        "list_orders",
        "publish_outcomes",
        "receive_callback",
        "sweep_executions",
    }
    assert table_writers - silent <= set(_names(globals()))


def _names(module: Mapping[str, Any]) -> Iterator[str]:
    yield from (name for name, value in module.items() if callable(value))
