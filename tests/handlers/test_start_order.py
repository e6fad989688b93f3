"""PurchaseQueue's messages: which start an execution, which are rejected, which are given up."""

import json
from contextlib import suppress
from dataclasses import replace
from io import StringIO
from itertools import count
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.intake import start_order
from handlers.intake import wiring as intake_wiring
from handlers.intake.adapters.order_machine import Machine
from handlers.intake.adapters.pending_order_rows import PendingOrders
from handlers.intake.rules.order_starter import Started, Starting
from handlers.intake.rules.pending_order import order_of
from handlers.intake.rules.purchase_message import parse_message
from handlers.orders.rules.events import event_of_change
from handlers.payments.adapters.simulated_gateway import SimulatedGateway
from tests.handlers.bus import MACHINE, ROLE, batch, failures
from tests.handlers.calls import FAULTS, Calls, Fault
from tests.handlers.checkouts import Fused
from tests.handlers.fakes import Crash, Fuse
from tests.handlers.placing import CUSTOMER, MESSAGE, ORDER_ID, Store
from tests.handlers.test_intake import Interrupted

CARD_NUMBER = "4242 4242 4242 4242"
EXECUTION = f"arn:aws:states:us-east-1:123456789012:execution:orders:{ORDER_ID}"


@pytest.fixture
def states(store: Store) -> Any:
    """The order machine, whose executions run until they are stopped."""
    client = boto3.client("stepfunctions")
    client.create_state_machine(name="orders", definition=json.dumps(MACHINE), roleArn=ROLE)
    return client


def message(**fields: Any) -> dict[str, Any]:
    """The good message but for what is given; None leaves a field out."""
    given = {**MESSAGE, **fields}
    return {name: value for name, value in given.items() if value is not None}


def executions(states: Any) -> list[str]:
    machine = intake_wiring.order_machine().arn
    listed = states.list_executions(stateMachineArn=machine)["executions"]
    return [execution["name"] for execution in listed]


def started_with(states: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(states.describe_execution(executionArn=EXECUTION)["input"])
    return found


def start(context: LambdaContext, *bodies: Any) -> list[str]:
    return failures(start_order.handler(batch(*bodies), context))


def test_the_row_is_what_is_started_whatever_the_message_says(
    store: Store, states: Any, context: LambdaContext
) -> None:
    store.put_order()
    lie = message(orderTotal=1, payment=None, itemList="none", customerId="c-2")
    assert start(context, lie) == []
    assert started_with(states) == order_of(store.order())
    assert executions(states) == [ORDER_ID]


def test_an_order_is_started_once_however_often_it_is_delivered(
    store: Store, states: Any, context: LambdaContext
) -> None:
    store.put_order()
    assert start(context, message(), message()) == []
    states.stop_execution(executionArn=EXECUTION)
    assert start(context, message()) == []
    assert executions(states) == [ORDER_ID]


@pytest.mark.parametrize("state", ["PROCESSED", "FAILED", "CANCELLED", "FULFILLED", "REFUNDED"])
def test_a_decided_order_is_not_started(
    state: str, store: Store, states: Any, context: LambdaContext
) -> None:
    store.put_order(State=state)
    assert start(context, message(), message(payment=None, itemList=3)) == []
    assert executions(states) == []
    assert len(store.rows("CustomerOrders")) == 1


def test_a_message_of_another_system_that_brings_a_token_becomes_an_order(
    store: Store, states: Any, context: LambdaContext
) -> None:
    assert start(context, message(email="a@example.com", source="shop")) == []
    row = store.order()
    assert (row["State"], row["Waiting"]) == ("PENDING", "yes")
    assert (row["CustomerId"], row["Email"], row["OrderTotal"]) == (CUSTOMER, "a@example.com", 5997)
    assert row["PaymentStatus"] == "Pending"
    assert row["Payment"] == {"token": "tok_visa", "cardType": "VISA", "last4": "4242"}
    assert started_with(states) == order_of(row)


@pytest.mark.parametrize("item", ["4000000000006", "e4a80412-fa39-4072-8850-05897fcc2d60"])
def test_a_message_may_name_items_by_barcode_and_count_them_as_any_json_writes_it(
    item: str, store: Store, states: Any, context: LambdaContext
) -> None:
    lines = [{"itemId": item, "price": 1999.0, "quantity": 3.0}]
    assert start(context, message(itemList=lines, orderTotal=5.997e3)) == []
    assert store.order()["OrderTotal"] == 5997
    assert '"quantity": 3}' in json.dumps(started_with(states))


def test_every_wrong_field_of_a_message_is_named_in_its_rows_cause(
    store: Store, states: Any, context: LambdaContext
) -> None:
    assert start(context, message(customerId="a/b", currency="usd", orderTotal=0)) == []
    cause = store.order()["Cause"]
    assert [part.split()[0] for part in cause.split("; ")] == [
        "customerId",
        "currency",
        "orderTotal",
    ]


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "fraction": ({"orderTotal": 59.97}, "orderTotal must be an integer of minor units"),
    "text": ({"orderTotal": "5997"}, "orderTotal must be an integer of minor units"),
    "sum": ({"orderTotal": 5998}, "orderTotal must be the sum of the items, 59.97 USD"),
    "no items": ({"itemList": []}, "itemList must be a list of 1 to 99 items"),
    "no list": ({"itemList": "lamp"}, "itemList must be a list of 1 to 99 items"),
    "price": (
        {"itemList": [{"itemId": "lamp", "price": 0}]},
        "itemList[0].price must be an integer of minor units",
    ),
    "currency": ({"currency": "XXX"}, "currency must be the ISO 4217 code"),
    "customer": ({"customerId": None}, "customerId is missing"),
    "path": ({"customerId": "a/b"}, "customerId must not have"),
    "token": ({"payment": {"token": "nothing"}}, "payment.token must be tok_"),
    "payment": ({"payment": "cash"}, "payment must be a JSON object"),
    "card": ({"payment": {"cardNumber": "1"}}, "payment must not have"),
    "email": ({"email": "ada"}, "email must be a mail address"),
}


@pytest.mark.parametrize(("fields", "cause"), BAD.values(), ids=BAD)
def test_a_bad_message_of_another_system_is_recorded_as_refused_and_closed_from_the_start(
    fields: dict[str, Any], cause: str, store: Store, states: Any, context: LambdaContext
) -> None:
    assert start(context, message(**fields)) == []
    row = store.order()
    assert row["Cause"].startswith(cause)
    at = row["CreatedAt"]
    customer = fields.get("customerId", CUSTOMER)
    assert row == {
        "OrderId": ORDER_ID,
        **({"CustomerId": customer} if customer else {}),
        "State": "FAILED",
        "Reason": "InvalidOrder",
        "Cause": row["Cause"],
        "OrderStatus": "Failed",
        "PaymentStatus": "Unsuccessful",
        "ShippingStatus": "Unsuccessful",
        "ExecutionArn": "start_order",
        "ClosedAt": at,
        "ClosedBy": "start_order",
        "CreatedAt": at,
        "UpdatedAt": at,
    }
    assert executions(states) == []
    assert start(context, message(**fields), message()) == []
    assert store.rows("CustomerOrders") == [row]
    assert executions(states) == []


def test_the_row_of_a_bad_message_is_published_from_its_creation(
    store: Store, states: Any, context: LambdaContext
) -> None:
    assert start(context, message(orderTotal=1)) == []
    event = event_of_change(None, store.order())
    assert event is not None
    assert (event.detail_type, event.detail["reason"]) == ("OrderRejected", "InvalidOrder")


def test_a_bad_message_changes_nothing_of_an_order_that_stands(
    store: Store, states: Any, context: LambdaContext
) -> None:
    row = store.put_order(State="FAILED", Reason="OutOfStock", ClosedAt="then", ClosedBy="arn")
    assert start(context, message(orderTotal=1)) == []
    assert store.rows("CustomerOrders") == [row]


GIVEN_UP: dict[str, Any] = {
    "no JSON": "{",
    "no object": "[]",
    "no id": message(orderId=None),
    "another kind of id": message(orderId="o-1"),
    "an id that is no text": message(orderId=7),
    "neither row nor payment": message(payment=None),
    "nothing but an id": {"orderId": ORDER_ID},
    "twice": f'{{"orderId": "{ORDER_ID}", "orderId": "{ORDER_ID}"}}',
    "too long": json.dumps(message(note="x" * 70_000)),
}


@pytest.mark.parametrize("body", GIVEN_UP.values(), ids=GIVEN_UP)
def test_what_is_nobodys_order_comes_again_until_the_queue_gives_it_up_alone(
    body: Any, store: Store, states: Any, context: LambdaContext
) -> None:
    good = "99999999-2222-4333-8444-555555555555"
    store.put_order(OrderId=good)
    assert start(context, body, message(orderId=good)) == ["m-0"]
    assert executions(states) == [good]
    assert [row["OrderId"] for row in store.rows("CustomerOrders")] == [good]


@pytest.mark.parametrize("columns", [{"CartId": "835235"}, {"Payment": None}])
def test_a_waiting_order_that_order_processing_cannot_pay_is_not_started(
    columns: dict[str, Any], store: Store, states: Any, context: LambdaContext
) -> None:
    row = store.put_order(**columns)
    assert start(context, message()) == ["m-0"]
    assert executions(states) == []
    assert store.order() == row


def test_an_order_that_was_flagged_is_started_so_that_its_machine_cancels_it(
    store: Store, states: Any, context: LambdaContext
) -> None:
    store.put_order(CancelRequested=True)
    assert start(context, message()) == []
    assert executions(states) == [ORDER_ID]


CARDS: dict[str, Any] = {
    "payment": message(payment={"cardNumber": CARD_NUMBER}),
    "no payment": message(payment=None, cardNumber=CARD_NUMBER),
    "a number": message(note=4242424242424242),
    "address": message(address=f"pay by {CARD_NUMBER}"),
    "name": message(**{CARD_NUMBER: "x"}),
    "customer": message(customerId=CARD_NUMBER),
    "deep": message(further=[{"a": [{"b": CARD_NUMBER}]}]),
    "no id": message(orderId=None, note=CARD_NUMBER),
    "no JSON": "{" + CARD_NUMBER,
    "no JSON, on a line of its own": '{"note": "pay by\\n' + CARD_NUMBER + "\\u0020",
    "no id, on a line of its own": message(orderId=None, note=f"pay by\n{CARD_NUMBER}"),
    "an EAN for a token": message(payment={"token": "tok_visa", "last4": "4000000000006"}),
}


@pytest.mark.parametrize("body", CARDS.values(), ids=CARDS)
def test_a_card_number_in_a_message_is_kept_nowhere(
    body: Any, store: Store, states: Any, context: LambdaContext, log: StringIO
) -> None:
    assert start(context, body) == []
    assert executions(states) == []
    kept = [store.rows(table) for table in ("CustomerOrders", "PaymentGateway", "ManualReview")]
    assert "4242" not in f"{kept} {log.getvalue()}"
    named = isinstance(body, dict) and "orderId" in body
    assert [row["Reason"] for row in kept[0]] == (["InvalidOrder"] if named else [])
    assert named or "message dropped" in log.getvalue()


def test_an_id_whose_digits_look_like_a_cards_is_an_id(
    store: Store, states: Any, context: LambdaContext
) -> None:
    order_id = "42424242-4242-4242-8aaa-aaaaaaaaaaaa"
    store.put_order(OrderId=order_id)
    assert start(context, message(orderId=order_id.upper())) == []
    assert executions(states) == [order_id]


@pytest.mark.parametrize("code", ["ThrottlingException", "ExecutionLimitExceeded"])
def test_what_the_machine_has_no_room_for_comes_again(
    code: str,
    store: Store,
    states: Any,
    context: LambdaContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Full:
        def start_execution(self, **request: Any) -> Any:
            raise ClientError({"Error": {"Code": code}}, "StartExecution")

    store.put_order()
    full = replace(start_order.order_starter(), machine=Machine(Full(), "arn"))
    monkeypatch.setattr(start_order, "order_starter", lambda: full)
    assert start(context, message()) == ["m-0"]
    assert store.order()["State"] == "PENDING"


def starting(client: Any) -> Starting:
    """What starts orders, over a client of its own."""
    return replace(
        start_order.order_starter(),
        orders=PendingOrders(client, "CustomerOrders"),
        vault=SimulatedGateway(client, "PaymentGateway"),
    )


@pytest.mark.parametrize("fields", [{}, {"orderTotal": 1}], ids=["good", "bad"])
@pytest.mark.parametrize("steps", range(2))
def test_after_a_crash_the_next_delivery_finishes(
    steps: int, fields: dict[str, Any], store: Store, states: Any, context: LambdaContext
) -> None:
    body = json.dumps(message(**fields))
    with pytest.raises(Crash):
        starting(Fused(store.client, Fuse(steps))).start(parse_message(body))
    assert start(context, body) == []
    assert executions(states) == ([] if fields else [ORDER_ID])
    row = store.order()
    assert (row["State"], "ClosedAt" in row) == (("FAILED", True) if fields else ("PENDING", False))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("fields", [{}, {"orderTotal": 1}], ids=["good", "bad"])
def test_whatever_happens_to_a_call_the_next_delivery_finishes_and_nothing_is_done_twice(
    fields: dict[str, Any],
    fault: Fault,
    store: Store,
    states: Any,
    context: LambdaContext,
    calls: Calls,
) -> None:
    for place in count():
        order_id = f"{place:08}-2222-4333-8444-555555555555"
        body = message(orderId=order_id, **fields)
        with suppress(Crash), calls.disturbed(place, fault):
            start(context, body)
        if not calls.is_struck:
            break
        assert start(context, body) == []
        row = store.order(order_id)
        state, closed = ("FAILED", True) if fields else ("PENDING", False)
        assert (row["State"], "ClosedAt" in row) == (state, closed)
        assert executions(states).count(order_id) == (0 if fields else 1)
    assert place == (2 if fields else 3)


@pytest.mark.parametrize("fields", [{}, {"orderTotal": 1}], ids=["good", "bad"])
def test_a_row_that_comes_in_between_is_the_truth(
    fields: dict[str, Any], store: Store, states: Any
) -> None:
    racing = Interrupted(store.client, lambda: store.put_order())
    message_ = parse_message(json.dumps(message(**fields)))
    assert starting(racing).start(message_) is Started.STARTED
    assert started_with(states)["orderTotal"] == 6047
    assert [row["State"] for row in store.rows("CustomerOrders")] == ["PENDING"]


def test_a_row_that_is_decided_in_between_is_not_started(store: Store, states: Any) -> None:
    decided = {"State": "CANCELLED", "ClosedAt": "then"}
    racing = Interrupted(store.client, lambda: store.put_order(**decided))
    body = json.dumps(message())
    assert starting(racing).start(parse_message(body)) is Started.DECIDED_BEFORE
    assert executions(states) == []


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.dictionaries(
        st.sampled_from(sorted(MESSAGE)),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text(max_size=9),
            lambda parts: st.lists(parts) | st.dictionaries(st.text(max_size=9), parts),
            max_leaves=5,
        ),
        min_size=1,
    )
)
def test_no_message_is_lost_it_is_started_recorded_or_given_up(
    store: Store, states: Any, context: LambdaContext, fields: dict[str, Any]
) -> None:
    answered = start(context, json.dumps({**MESSAGE, **fields}))
    if answered:
        assert "orderId" in fields or fields.get("payment", "") is None
    else:
        assert store.rows("CustomerOrders")


def test_the_machines_executions_are_named_in_any_partition() -> None:
    machine = Machine(None, "arn:aws-cn:states:cn-north-1:1:stateMachine:orders:live")
    assert machine.execution("o-1") == "arn:aws-cn:states:cn-north-1:1:execution:orders:o-1"
