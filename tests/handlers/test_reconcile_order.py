"""Finishing the orders of executions that ended without success: only rows are asked."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.orders import wiring as orders_wiring
from handlers.orders.adapters.order_rows import Orders
from handlers.orders.adapters.reviews import Reviews
from handlers.orders.rules.reviews import Review
from handlers.orders.rules.states import CANCEL_ORDER
from handlers.payments import wiring as payments_wiring
from handlers.payments.rules.errors import PaymentGatewayUnavailable, PaymentVoided
from handlers.recovery import wiring as recovery_wiring
from handlers.recovery.adapters.executions import Executions
from handlers.recovery.reconcile_order import RECONCILIATIONS, handler
from handlers.shared.batches import LAST_RECEIVE
from tests.handlers.bus import failures
from tests.handlers.conftest import MACHINES
from tests.handlers.ended import (
    ANOTHER,
    ARN,
    DESCRIBED,
    ID,
    INPUT,
    Held,
    States,
    delivery,
    ended,
    execution,
)

Reconcile = Callable[..., list[str]]
UNHAPPY = ("FAILED", "TIMED_OUT", "ABORTED")
REVIEW = Review(ID, "CapturePayment", ARN, "ProcessingError", "why", "find the cause")


@pytest.fixture
def held(dynamodb: Any) -> Held:
    """An order without a row whose money is captured and whose stock is reserved."""
    return Held(dynamodb).reserve().capture()


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> States:
    made = States()
    monkeypatch.setattr(recovery_wiring, "executions", lambda: Executions(made))
    return made


@pytest.fixture
def reconcile(states: States, dynamodb: Any, context: LambdaContext) -> Reconcile:
    """Delivers the status events of executions; returns the messages to bring again."""

    def run(*arns: str, times: int = 1) -> list[str]:
        return failures(handler(delivery(*map(ended, arns or (ARN,)), times=times), context))

    return run


def reviews(held: Held) -> Reviews:
    return Reviews(held.client, "ManualReview")


@pytest.fixture
def gateway(held: Held, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets the gateway's next voids raise these errors."""

    def fail(errors: Iterable[Exception]) -> None:
        left = list(errors)

        class Gateway:
            def void(self, order_id: str) -> Any:
                if left:
                    raise left.pop(0)
                return held.gateway.void(order_id)

        monkeypatch.setattr(payments_wiring, "gateway", Gateway)

    return fail


def test_every_machine_of_the_stack_is_reconciled_by_a_rule_of_its_own() -> None:
    assert set(MACHINES.values()) == set(RECONCILIATIONS)


@pytest.mark.parametrize("status", UNHAPPY)
def test_an_order_left_behind_is_failed_compensated_described_reviewed_and_closed(
    status: str, held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put(status=status)
    assert reconcile() == []
    held.assert_undone()
    row = held.row
    ending = f"the execution ended {status}"
    assert (row["Reason"], row["Cause"]) == ("ProcessingError", ending)
    assert (row["ExecutionArn"], row["OrderStatus"]) == (ARN, "Failed")
    assert {name: row[name] for name in DESCRIBED} == DESCRIBED
    ((key, review),) = held.reviews.items()
    assert key == f"Recovery {ARN}"
    assert (review["Reason"], review["Cause"]) == ("ProcessingError", ending)
    assert (review["CustomerId"], review["ExecutionArn"]) == ("c-1", ARN)
    assert review["Done"] == "payment: refunded; stock: released"
    assert "OpenSince" in review


def test_a_second_delivery_changes_nothing(
    held: Held, states: States, reconcile: Reconcile, tables: Any
) -> None:
    states.put()
    reconcile()
    before = tables.rows()
    assert reconcile() == reconcile(ARN, ARN, times=LAST_RECEIVE) == []
    assert tables.rows() == before


@pytest.mark.parametrize("error", ["ProcessingError", "OutOfStock", "Stopped", "InvalidOrder"])
def test_no_name_of_an_error_ends_an_order_of_which_no_row_says_that_it_ended(
    error: str, held: Held, states: States, reconcile: Reconcile
) -> None:
    """Who stops an execution may call the error as the machine's own Fail states do."""
    states.put(status="ABORTED", error=error, cause="the payment is refunded")
    reconcile()
    held.assert_undone()
    assert held.row["Cause"] == f"the execution ended ABORTED with {error}"
    assert "refunded" not in held.reviews[f"Recovery {ARN}"]["Cause"]


def test_an_executions_cause_which_may_quote_its_input_is_repeated_nowhere(
    held: Held, states: States, reconcile: Reconcile, log: StringIO, tables: Any
) -> None:
    states.put(error="States.Runtime", cause="the input is {'email': 'ada@example.com'}")
    reconcile()
    assert "ada@" not in json.dumps(tables.rows()) + log.getvalue()


@pytest.mark.parametrize("arn", [execution(of="others"), execution(of="orders-2"), "arn:gone"])
def test_an_execution_of_a_machine_that_nobody_declared_is_ignored(
    arn: str, held: Held, states: States, reconcile: Reconcile, tables: Any
) -> None:
    states.put(execution(of="others"), given={**INPUT, "CartId": "1", "SessionId": ID})
    states.put(execution(of="orders-2"), error="InvalidOrder")
    before = tables.rows()
    assert reconcile(arn, times=LAST_RECEIVE) == []
    assert tables.rows() == before


def test_no_execution_of_an_unknown_machine_is_even_described(
    states: States, reconcile: Reconcile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing allows the function to."""
    monkeypatch.setattr(states, "describe_execution", None)
    assert reconcile(execution(of="others"), "arn:gone", "") == []


def test_an_execution_that_nobody_knows_any_more_is_ignored(
    held: Held, states: States, reconcile: Reconcile, tables: Any
) -> None:
    before = tables.rows()
    assert reconcile(times=LAST_RECEIVE) == []
    assert tables.rows() == before


def test_an_order_that_a_checkout_made_is_none_of_order_processings(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put()
    before = held.put_row("PENDING", CartId="835235")
    reconcile()
    assert held.row == before
    assert list(held.reviews) == [f"Recovery {ARN}"]
    held.assert_held()


@pytest.mark.parametrize("status", ["RUNNING", "PENDING_REDRIVE", "SUCCEEDED"])
def test_how_an_execution_ended_is_asked_and_not_read_from_its_event(
    status: str, held: Held, states: States, reconcile: Reconcile, tables: Any
) -> None:
    """It may have been redriven since."""
    states.put(status=status)
    before = tables.rows()
    assert reconcile() == []
    assert tables.rows() == before


NAMELESS: tuple[Any, ...] = (
    None,
    [],
    {},
    "x",
    5,
    [INPUT],
    {"orderId": None},
    {"orderId": ""},
    {"orderId": 5},
    {"orderId": [ID]},
    {"OrderId": ID},
)
ANOTHERS = ({**INPUT, "orderId": "o-2"}, {**INPUT, "orderId": "o-"}, {**INPUT, "orderId": "O-1"})


@pytest.mark.parametrize("given", [*NAMELESS, *ANOTHERS])
def test_an_execution_that_names_no_order_or_anothers_has_a_review_and_no_order_is_touched(
    given: Any, held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put(given=json.dumps(given))
    rows = [held.put_row("PENDING"), held.put_row("PENDING", OrderId="o-2")]
    assert reconcile() == reconcile() == []
    assert sorted(held.rows("CustomerOrders"), key=lambda row: row["OrderId"]) == rows
    held.assert_held()
    ((key, review),) = held.reviews.items()
    assert (review["OrderId"], key) == (ID, f"Recovery {ARN}")
    assert review["ToDo"].startswith("find out who started the execution")


@pytest.mark.parametrize("name", [f"{ID}-", f"{ID}-x", f"{ID}-1x", f"{ID}1", f"x{ID}", f"{ID}-1-1"])
def test_an_execution_is_an_orders_by_its_whole_name_only(
    name: str, held: Held, states: States, reconcile: Reconcile
) -> None:
    reconcile(states.put(execution(name)))
    assert held.rows("CustomerOrders") == []
    assert [review["OrderId"] for review in held.reviews.values()] == [name]


def test_an_orders_further_execution_is_its_own_too(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    reconcile(states.put(ANOTHER))
    held.assert_undone(by=ANOTHER)


@pytest.mark.parametrize("state", ["PROCESSED", "FULFILLED", "REFUNDED"])
def test_an_order_that_was_recorded_stands_and_needs_no_review(
    state: str, held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put()
    before = held.put_row(state)
    assert reconcile(times=LAST_RECEIVE) == []
    assert (held.row, held.reviews) == (before, {})
    held.assert_held()


def test_what_this_very_execution_closed_is_done(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put(error="OutOfStock")
    before = held.put_row("FAILED", ClosedAt="2026-01-01", ClosedBy=ARN)
    reconcile()
    assert (held.row, held.reviews) == (before, {})
    held.assert_held()


@pytest.mark.parametrize("by", [ANOTHER, CANCEL_ORDER])
def test_what_another_closed_is_compensated_once_more_and_reviewed(
    by: str, held: Held, states: States, reconcile: Reconcile
) -> None:
    """This execution may have reserved or charged after the other had compensated."""
    states.put()
    before = held.put_row("FAILED", ClosedAt="2026-01-01", ClosedBy=by)
    reconcile()
    assert held.row == before
    assert held.operations[-1] == "refund"
    assert (held.reservation, list(held.reviews)) == ("RELEASED", [f"Recovery {ARN}"])


def test_a_machines_own_refusal_keeps_its_reason_and_is_finished(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put(error="OutOfStock")
    held.put_row("FAILED", ExecutionArn=ARN)
    reconcile()
    held.assert_undone()
    assert (held.row["Reason"], held.row["Cause"]) == ("OutOfStock", "why")
    assert list(held.reviews) == [f"Recovery {ARN}"]


def test_an_order_whose_customer_cancelled_it_is_cancelled_rather_than_failed(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put()
    held.put_row("PENDING", CancelRequested=True)
    reconcile()
    held.assert_undone("CANCELLED")
    assert held.row["Reason"] == "OrderCancelled"


def test_a_cancellation_that_the_machine_recorded_is_finished(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put(error="OrderCancelled")
    held.put_row("CANCELLED", Reason="OrderCancelled")
    reconcile()
    held.assert_undone("CANCELLED")


class Racing(Orders):
    """The orders, of which another makes something else just before they are fenced."""

    before: Callable[[], object]

    def fence(self, *arguments: Any) -> Any:
        type(self).before()
        return super().fence(*arguments)


@pytest.fixture
def racing(held: Held, monkeypatch: pytest.MonkeyPatch) -> type[Racing]:
    class Race(Racing):
        before = staticmethod(lambda: None)

    monkeypatch.setattr(orders_wiring, "order_rows", lambda: Race(held.client, "CustomerOrders"))
    return Race


def test_a_record_that_lands_before_the_fence_stands(
    held: Held, states: States, racing: type[Racing], reconcile: Reconcile
) -> None:
    states.put()
    held.put_row("PENDING")
    racing.before = staticmethod(lambda: held.put_row("PROCESSED"))
    reconcile()
    assert held.row["State"] == "PROCESSED"
    assert held.reviews == {}
    held.assert_held()


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_a_refusal_that_lands_before_the_fence_is_finished(
    state: str, held: Held, states: States, racing: type[Racing], reconcile: Reconcile
) -> None:
    states.put()
    racing.before = staticmethod(lambda: held.put_row(state))
    reconcile()
    held.assert_undone(state)
    assert held.row["Reason"] == "OutOfStock"


ODD: tuple[Any, ...] = (None, 7, -1.5, ["x"], {"S": "x"}, "", True, "x" * 5000, 10**60)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: str(odd)[:9])
@pytest.mark.parametrize("name", ["customerId", "requestedAt", "orderTotal", "items", "email"])
def test_a_captured_order_whose_input_is_malformed_is_undone_all_the_same(
    name: str, odd: Any, held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put(given={**INPUT, name: odd})
    assert reconcile() == []
    held.assert_undone()
    columns = {"customerId": "CustomerId", "requestedAt": "CreatedAt", "email": "Email"}
    rest = set(DESCRIBED) - {columns.get(name, name[0].upper() + name[1:])}
    assert {column: held.row[column] for column in rest} == {
        column: DESCRIBED[column] for column in rest
    }


def test_a_pending_orders_own_description_is_kept(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put(given={**INPUT, "customerId": "c-2", "orderTotal": 1})
    held.put_row("PENDING", CustomerId="c-1", OrderTotal=700, Email=None)
    reconcile()
    row = held.row
    assert (row["CustomerId"], row["OrderTotal"], row["Email"]) == ("c-1", 700, None)
    assert row["Currency"] == "USD"


def test_an_order_that_held_nothing_is_refused_what_lands_later(
    dynamodb: Any, states: States, reconcile: Reconcile
) -> None:
    held = Held(dynamodb)
    states.put()
    reconcile()
    assert held.row["PaymentStatus"] == "Unsuccessful"
    assert held.reservation == "RELEASED"
    with pytest.raises(PaymentVoided):
        held.authorize()


@pytest.mark.parametrize("step", ["VoidPayment", "CapturePayment", "Recovery"])
def test_no_second_review_is_opened_where_a_step_of_this_execution_has_one(
    step: str, held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put()
    reviews(held).open(replace(REVIEW, step=step, done="as the machine says"))
    reconcile()
    held.assert_undone()
    ((key, review),) = held.reviews.items()
    assert (key, review["Done"]) == (f"{step} {ARN}", "as the machine says")


def test_a_settled_review_is_enough_and_stays_settled(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put()
    reviews(held).open(replace(REVIEW, done="as the machine says"))
    settled = {**held.reviews[REVIEW.id], "SettledAt": "2026-01-02", "SettledBy": "ada"}
    del settled["OpenSince"]
    held.put("ManualReview", **settled)
    reconcile()
    assert list(held.reviews.values()) == [settled]


def test_a_review_about_another_execution_is_none_of_this_one(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put()
    reviews(held).open(replace(REVIEW, execution=ANOTHER))
    reconcile()
    assert f"Recovery {ARN}" in held.reviews


def test_what_cannot_be_given_back_is_reviewed_at_once_and_the_message_is_done(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put()
    held.spoil()
    assert reconcile() == []
    row = held.row
    assert "HandedOverAt" in row
    assert "ClosedAt" not in row
    assert row["Waiting"] == "yes"
    assert row["CustomerId"] == "c-1"
    assert list(held.reviews) == [f"ReleaseStock {ARN}"]


def test_what_was_handed_over_is_closed_when_it_succeeds_at_last(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    states.put()
    held.spoil()
    reconcile()
    reconcile()
    held.correct()
    reconcile()
    held.assert_undone()
    ((key, review),) = held.reviews.items()
    assert (key, review["Done"]) == (
        f"ReleaseStock {ARN}",
        "payment: refunded; stock: released",
    )


def test_what_passes_comes_again_and_leaves_no_review(
    held: Held,
    states: States,
    reconcile: Reconcile,
    gateway: Callable[..., None],
    log: StringIO,
) -> None:
    states.put()
    gateway([PaymentGatewayUnavailable("no answer")] * (LAST_RECEIVE - 1))
    for times in range(1, LAST_RECEIVE):
        assert reconcile(times=times) == ["m-0"]
        assert (held.row["State"], held.reviews) == ("FAILED", {})
        assert not {"ClosedAt", "HandedOverAt"} & held.row.keys()
        held.assert_held()
    assert "PaymentGatewayUnavailable" in log.getvalue()
    assert reconcile(times=LAST_RECEIVE) == []
    held.assert_undone()
    assert list(held.reviews) == [f"Recovery {ARN}"]


def test_what_still_fails_the_last_time_is_handed_over(
    held: Held, states: States, reconcile: Reconcile, gateway: Callable[..., None]
) -> None:
    states.put()
    gateway([PaymentGatewayUnavailable("no answer")])
    assert reconcile(times=LAST_RECEIVE) == []
    assert "HandedOverAt" in held.row
    ((key, review),) = held.reviews.items()
    assert (key, review["Reason"]) == (f"VoidPayment {ARN}", "PaymentGatewayUnavailable")
    held.assert_held()


def test_a_message_that_is_no_event_is_left_to_the_dead_letters_and_holds_up_no_other(
    held: Held, states: States, context: LambdaContext
) -> None:
    states.put()
    bodies = ("no JSON", {"detail": 1}, ended(executionArn=7), ended())
    assert failures(handler(delivery(*bodies), context)) == ["m-0", "m-1", "m-2"]
    held.assert_undone()


def test_an_order_that_fails_holds_up_no_other(
    held: Held, states: States, reconcile: Reconcile, gateway: Callable[..., None]
) -> None:
    gateway([PaymentGatewayUnavailable("no answer")])
    states.put()
    other = states.put(execution("o-2"), given={**INPUT, "orderId": "o-2"})
    assert reconcile(ARN, other) == ["m-0"]
    rows = {row["OrderId"]: "ClosedAt" in row for row in held.rows("CustomerOrders")}
    assert rows == {"o-1": False, "o-2": True}


SHIP = execution(of="ship")
SESSION = {"SessionId": ID}


@pytest.mark.parametrize("status", UNHAPPY)
@pytest.mark.parametrize(
    "row",
    [
        {"State": "PROCESSED"},
        {"State": "FAILED", "Reason": "PaymentNotReceived", "ClosedBy": ANOTHER, "ClosedAt": "x"},
        {"State": "FAILED", "Reason": "ProcessingError"},
    ],
    ids=["paid", "closed by another", "not closed"],
)
def test_a_fulfillment_that_failed_is_reviewed_once_and_closes_nothing(
    row: dict[str, Any], status: str, held: Held, states: States, reconcile: Reconcile
) -> None:
    arn = states.put(SHIP, status, SESSION, error="ProcessingError")
    before = held.put_row(**{"state": row["State"], "CustomerId": "c-9", **row})
    assert reconcile(arn) == reconcile(arn) == []
    ((key, review),) = held.reviews.items()
    assert key == f"Fulfillment {SHIP}"
    assert review["Cause"] == f"the execution ended {status} with ProcessingError"
    assert (review["CustomerId"], review["ToDo"][:14]) == ("c-9", "find the cause")
    assert held.row == before
    held.assert_held()


@pytest.mark.parametrize(
    "row",
    [
        {"State": "FULFILLED"},
        {"State": "CANCELLED"},
        {"State": "FAILED", "Reason": "PaymentNotReceived", "ClosedBy": SHIP, "ClosedAt": "x"},
    ],
    ids=["fulfilled", "cancelled", "refused by this execution"],
)
def test_a_fulfillment_whose_order_is_decided_needs_no_review(
    row: dict[str, Any], held: Held, states: States, reconcile: Reconcile
) -> None:
    before = held.put_row(**{"state": row["State"], **row})
    reconcile(states.put(SHIP, "FAILED", SESSION))
    assert (held.row, held.reviews) == (before, {})


def test_a_fulfillment_that_reviewed_a_group_is_not_reviewed_again(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    held.put_row("PROCESSED")
    reviews(held).open(replace(REVIEW, step="Fulfill fc-1", execution=SHIP))
    reconcile(states.put(SHIP, "FAILED", SESSION))
    assert list(held.reviews) == [f"Fulfill fc-1 {SHIP}"]


def test_the_next_fulfillment_of_an_order_has_a_review_of_its_own(
    held: Held, states: States, reconcile: Reconcile
) -> None:
    held.put_row("PROCESSED")
    next_ = execution(f"{ID}-1", of="ship")
    for arn in (SHIP, next_):
        reconcile(states.put(arn, "FAILED", SESSION))
    assert sorted(held.reviews) == sorted([f"Fulfillment {SHIP}", f"Fulfillment {next_}"])


@pytest.mark.parametrize("session", [None, 5, "", "a/b", "x" * 3000, ["o-1"]])
def test_a_fulfillment_of_no_session_is_reviewed_under_the_executions_name(
    session: Any, held: Held, states: States, reconcile: Reconcile
) -> None:
    arn = states.put(execution("run-1", of="ship"), given={"SessionId": session})
    assert reconcile(arn) == []
    ((key, review),) = held.reviews.items()
    assert (review["OrderId"], key) == ("run-1", f"Fulfillment {arn}")
    assert held.rows("CustomerOrders") == []


def test_a_fulfillment_of_a_session_without_an_order_makes_no_order_up(
    dynamodb: Any, states: States, reconcile: Reconcile
) -> None:
    held = Held(dynamodb)
    reconcile(states.put(SHIP, "FAILED", SESSION))
    ((_, review),) = held.reviews.items()
    assert review["OrderId"] == ID
    assert held.rows("CustomerOrders") == held.rows("PaymentGateway") == []
