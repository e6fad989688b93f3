"""Whatever call to AWS crashes, is throttled or loses its answer, the next invocation finishes.

Each function runs once undisturbed. Then it runs once for every call that it made, and that call is
disturbed; whoever invokes it does so again: a state machine, a queue, a schedule or a customer. In
the end every table has the same rows.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.cancellation.cancel_order import handler as cancel_order
from handlers.checkout.fail_checkout import handler as fail_checkout
from handlers.orders.rules.states import CANCEL_ORDER
from handlers.payments.rules.errors import PaymentGatewayUnavailable
from handlers.recovery import wiring as recovery_wiring
from handlers.recovery.adapters.executions import Executions
from handlers.recovery.reconcile_order import handler as reconcile_order
from handlers.recovery.sweep_orders import handler as sweep_orders
from handlers.shared.batches import LAST_RECEIVE
from handlers.shared.rules.errors import ServiceUnavailable, SweepIncomplete, TableContended
from tests.handlers.bus import failures
from tests.handlers.calls import Calls, Fault
from tests.handlers.checkouts import ANOTHER, DOCUMENT, EXECUTION, ORDER_ID, Shop, checkout
from tests.handlers.ended import ARN, ID, Held, States, delivery, ended, execution
from tests.handlers.fakes import Crash
from tests.handlers.http import event
from tests.handlers.placing import ORDER_ID as PLACED
from tests.handlers.placing import Store, ago
from tests.handlers.test_cancel_order import put_processed

MOST = 2
"""How often a function is invoked again at most, after the invocation that was disturbed."""

PASSING = (ServiceUnavailable, TableContended, PaymentGatewayUnavailable)
"""What functions raise that is worth another call, and nothing else."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@dataclass(frozen=True)
class World:
    """Everything that a scene is made of."""

    held: Held
    shop: Shop
    store: Store
    states: States
    context: LambdaContext


@pytest.fixture
def world(store: Store, context: LambdaContext, monkeypatch: pytest.MonkeyPatch) -> World:
    states = States()
    monkeypatch.setattr(recovery_wiring, "executions", lambda: Executions(states))
    return World(Held(store.client), Shop(store.client), store, states, context)


def settled(tables: Any) -> dict[str, Any]:
    """Every row without its times."""
    text = json.dumps(tables.rows(), default=sorted, sort_keys=True)
    return dict(json.loads(re.sub(r'"ExpiresAt": \d+', '"ExpiresAt": 0', _TIME.sub("then", text))))


Run = Callable[[], bool]


def nothing() -> None:
    """Nothing happens meanwhile."""


def assert_every_call_may_fail(
    calls: Calls,
    tables: Any,
    run: Run,
    *,
    before_the_next: Callable[[], object] = nothing,
    in_the_end: Callable[[], object] = nothing,
) -> None:
    """Disturbs every call of `run`, which is made again until it answers that it is done."""
    start = tables.keep()
    places = calls.places(run)
    in_the_end()
    expected = settled(tables)
    assert places
    for place, fault in places:
        start()
        done = disturbed(calls, place, fault, run)
        for _ in range(MOST):
            if not done:
                before_the_next()
                done = run()
        assert done
        in_the_end()
        assert settled(tables) == expected, f"{fault.name} at call {place} of {calls.made}"


def disturbed(calls: Calls, place: int, fault: Fault, run: Run) -> bool:
    """Runs something with one call disturbed; False where it crashed."""
    done = False
    with suppress(Crash), calls.disturbed(place, fault):
        done = run()
    assert calls.is_struck
    return done


def reconciling(world: World, arn: str = ARN, *, times: int = 1) -> Run:
    """Runs the reconciler; whether the queue has no message left to bring."""
    batch = delivery(ended(arn), times=times)
    return lambda: failures(reconcile_order(batch, world.context)) == []


def sweeping(world: World) -> Run:
    """Runs the sweep; whether nothing failed."""

    def run() -> bool:
        try:
            sweep_orders({}, world.context)
        except (SweepIncomplete, *PASSING):
            return False
        return True

    return run


def failing(world: World, stage: str, error: str, **more: Any) -> Run:
    """Runs FailCheckout; whether its state machine has an answer."""
    order = {} if stage == "create" else {"order": {"orderId": ORDER_ID}}
    known = {"checkout": DOCUMENT, "executionArn": EXECUTION, "stage": stage}
    payload = {**known, **order, "error": error, "cause": "why", **more}

    def run() -> bool:
        try:
            fail_checkout(payload, world.context)
        except PASSING:
            return False
        return True

    return run


def _captured(world: World, state: str | None = None, **columns: Any) -> None:
    world.states.put()
    world.held.reserve().capture()
    if state is not None:
        world.held.put_row(state, **columns)


def _handed_over(world: World) -> None:
    _captured(world)
    world.held.spoil()


def _closed_by_another(world: World) -> None:
    _captured(world, "FAILED", ClosedAt="2026-01-01", ClosedBy=execution("o-1-2"))


def _paid_checkout(world: World, **columns: Any) -> None:
    world.states.put(EXECUTION, "TIMED_OUT", DOCUMENT)
    world.shop.stocked().attempts.create(checkout(), EXECUTION)
    world.shop.paid()
    world.shop.set(PaymentStatus="Successful", **columns)


def _no_checkout(world: World) -> None:
    world.states.put(EXECUTION, "TIMED_OUT", DOCUMENT)
    world.shop.stocked()


def _taken_cart(world: World) -> None:
    world.shop.stocked().attempts.create(checkout(), ANOTHER)
    world.states.put(EXECUTION, "TIMED_OUT", DOCUMENT)


Prepare = Callable[[World], None]
RECONCILED: dict[str, tuple[Prepare, str]] = {
    "no row": (_captured, ARN),
    "pending": (lambda world: _captured(world, "PENDING"), ARN),
    "cancel requested": (lambda world: _captured(world, "PENDING", CancelRequested=True), ARN),
    "refused": (lambda world: _captured(world, "FAILED"), ARN),
    "closed by another": (_closed_by_another, ARN),
    "cannot be given back": (_handed_over, ARN),
    "names no order": (lambda world: void(world.states.put(given={})), ARN),
    "checkout": (_paid_checkout, EXECUTION),
    "checkout without order": (_no_checkout, EXECUTION),
    "checkout without cart": (_taken_cart, EXECUTION),
    "fulfillment": (
        lambda world: void(
            world.held.put_row("PROCESSED"),
            world.states.put(execution(of="ship"), given={"SessionId": ID}),
        ),
        execution(of="ship"),
    ),
}


def void(*_: object) -> None:
    """Nothing, of whatever was made."""


@pytest.mark.parametrize("scene", RECONCILED)
def test_the_reconciler_finishes_at_the_next_delivery(
    scene: str, world: World, calls: Calls, tables: Any
) -> None:
    prepare, arn = RECONCILED[scene]
    prepare(world)
    assert_every_call_may_fail(calls, tables, reconciling(world, arn))


@pytest.mark.parametrize("scene", ["pending", "cannot be given back", "checkout"])
def test_what_the_last_delivery_could_not_finish_is_closed_by_a_sweep_and_its_reviews_say_so(
    scene: str, world: World, calls: Calls, tables: Any
) -> None:
    """Nobody brings the message again, whatever became of it."""
    prepare, arn = RECONCILED[scene]
    prepare(world)
    reconcile, sweep = reconciling(world, arn, times=LAST_RECEIVE), sweeping(world)
    start = tables.keep()
    for place, fault in calls.places(reconcile):
        start()
        disturbed(calls, place, fault, reconcile)
        if scene == "cannot be given back":
            world.held.correct()
        _age(world)
        assert sweep()
        (row,) = world.held.rows("CustomerOrders")
        assert (row["PaymentStatus"], "ClosedAt" in row) == ("Refunded", True)
        done = {review["Done"] for review in world.held.reviews.values()}
        assert done == {"payment: refunded; stock: released"}


def _age(world: World) -> None:
    """Ten minutes pass, and every reservation has run out."""
    for row in world.held.rows("CustomerOrders"):
        at = min(row["UpdatedAt"], ago(minutes=10))
        world.held.put("CustomerOrders", **{**row, "UpdatedAt": at})
    for row in world.held.rows("Reservations"):
        if row["Status"] == "RESERVED":
            world.held.put("Reservations", **{**row, "Expiring": "yes", "ExpiresAt": 1})


WAITING = {"UpdatedAt": ago(minutes=10)}


def _expired(world: World) -> None:
    _captured(world)
    world.held.reserve(Expiring="yes", ExpiresAt=1)


SWEPT: dict[str, Prepare] = {
    "never queued": lambda world: void(world.store.put_order()),
    "a day old": lambda world: void(world.store.put_order(UpdatedAt=ago(days=2), QueuedAt=ago())),
    "ended": lambda world: _captured(world, "PENDING", **WAITING),
    "refused": lambda world: _captured(world, "FAILED", **WAITING),
    "cancelled": lambda world: _captured(world, "CANCELLED", **WAITING, ExecutionArn=CANCEL_ORDER),
    "handed over": lambda world: _captured(world, "FAILED", **WAITING, HandedOverAt=ago(days=1)),
    "checkout": lambda world: _paid_checkout(world, **WAITING),
    "expired": _expired,
}


@pytest.mark.parametrize("scene", SWEPT)
def test_the_next_sweep_finishes(scene: str, world: World, calls: Calls, tables: Any) -> None:
    SWEPT[scene](world)
    assert_every_call_may_fail(calls, tables, sweeping(world), before_the_next=lambda: _age(world))


FAILED: dict[str, tuple[Prepare, tuple[str, str]]] = {
    "payment": (_paid_checkout, ("payment", "States.Timeout")),
    "confirmation": (_paid_checkout, ("confirm", "DynamoDb.TransactionCanceledException")),
    "creation": (_no_checkout, ("create", "OutOfStock")),
    "creation without answer": (_paid_checkout, ("create", "States.Timeout")),
    "taken cart": (_taken_cart, ("create", "InvalidOrder")),
}


@pytest.mark.parametrize("scene", FAILED)
def test_a_failed_checkout_is_finished_by_its_machines_next_call(
    scene: str, world: World, calls: Calls, tables: Any
) -> None:
    prepare, (stage, error) = FAILED[scene]
    prepare(world)
    assert_every_call_may_fail(calls, tables, failing(world, stage, error))


def cancelling(world: World) -> Run:
    """Sends the request to cancel; whether it was answered that the order is cancelled."""
    request = event("POST /orders/{orderId}/cancel", pathParameters={"orderId": PLACED})

    def run() -> bool:
        status = cancel_order(request, world.context)["statusCode"]
        assert status in (200, 503)
        return bool(status == 200)

    return run


def test_a_cancellation_is_finished_by_the_sweep_or_was_never_made(
    world: World, calls: Calls, tables: Any
) -> None:
    """Nobody need ask again."""
    put_processed(world.store)
    start, before, run = tables.keep(), settled(tables), cancelling(world)
    places = calls.places(run)
    expected, decided = settled(tables), 0
    for place, fault in places:
        start()
        disturbed(calls, place, fault, run)
        if world.store.order()["State"] == "PROCESSED":
            assert settled(tables) == before
            continue
        decided += 1
        _age(world)
        assert sweeping(world)()
        assert settled(tables) == expected
    assert 0 < decided < len(places)


def test_a_cancellation_that_is_asked_for_again_is_made_once(
    world: World, calls: Calls, tables: Any
) -> None:
    put_processed(world.store)

    def sweep() -> None:
        _age(world)
        assert sweeping(world)()

    assert_every_call_may_fail(calls, tables, cancelling(world), in_the_end=sweep)
