"""Orders whose rows say that they are paid start fulfillment once; support gets links to labels."""

import json
import urllib.parse
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from itertools import count
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from handlers.fulfillment import start_fulfillment
from handlers.fulfillment.adapters.fulfillment_machine import FulfillmentMachine
from handlers.fulfillment.link_label import handler as link
from handlers.fulfillment.rules.arrival import parse_days
from handlers.fulfillment.start_fulfillment import handler as start
from handlers.shared.adapters.dynamodb import typed
from handlers.shared.environment import json_object
from handlers.shared.rules.errors import BadInput
from tests.handlers.bus import MACHINE, ROLE, batch, bus_event, failures
from tests.handlers.calls import FAULTS, Calls, Fault
from tests.handlers.fakes import Crash
from tests.handlers.rows import CLOSED, order
from tests.handlers.warehouses import ORDER

WRONG_DAYS = ("-1", "366", "true", "1.5", '"3"')


@pytest.fixture
def machine(account: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The ARN of a state machine."""
    made = boto3.client("stepfunctions").create_state_machine(
        name="ship", definition=json.dumps(MACHINE), roleArn=ROLE
    )
    monkeypatch.setenv("FULFILLMENT_STATE_MACHINE_ARN", made["stateMachineArn"])
    return str(made["stateMachineArn"])


@pytest.fixture
def paid(dynamodb: Any) -> Callable[..., None]:
    """Makes a row of the order, PROCESSED if nothing else is given."""

    def put(state: str = "PROCESSED", **columns: Any) -> None:
        row = order(state, **{"OrderId": ORDER, **columns})
        dynamodb.put_item(TableName="CustomerOrders", Item=typed(row))

    return put


def executions(machine: str) -> dict[str, Any]:
    """The inputs of the machine's executions by name."""
    client = boto3.client("stepfunctions")
    found = client.list_executions(stateMachineArn=machine)["executions"]
    return {
        each["name"]: json.loads(
            client.describe_execution(executionArn=each["executionArn"])["input"]
        )
        for each in found
    }


@pytest.mark.parametrize("detail_type", ["OrderProcessed", "OrderConfirmed"])
def test_a_paid_order_starts_an_execution_of_its_name(
    detail_type: str, machine: str, paid: Callable[..., None], context: LambdaContext
) -> None:
    paid()
    event = bus_event(detail_type, orderId=ORDER, customerId="c-1")
    assert failures(start(batch(event, event), context)) == []
    assert failures(start(batch(event), context)) == []
    assert executions(machine) == {ORDER: {"SessionId": ORDER}}


@pytest.mark.parametrize("detail_type", ["OrderRejected", "OrderFulfilled", "OrderCancelled"])
def test_no_other_event_starts_anything(
    detail_type: str, machine: str, paid: Callable[..., None], context: LambdaContext
) -> None:
    paid()
    event = bus_event(detail_type, orderId=ORDER)
    assert failures(start(batch(event), context)) == []
    assert executions(machine) == {}


@pytest.mark.parametrize(
    ("state", "columns"),
    [
        ("PENDING", {}),
        ("FAILED", {"Reason": "OutOfStock", **CLOSED}),
        ("CANCELLED", {}),
        ("CANCELLED", CLOSED),
        ("FULFILLED", {}),
        ("REFUNDED", {}),
    ],
)
@pytest.mark.parametrize("detail_type", ["OrderProcessed", "OrderConfirmed"])
def test_what_the_orders_row_contradicts_is_dropped(
    detail_type: str,
    state: str,
    columns: dict[str, Any],
    machine: str,
    paid: Callable[..., None],
    context: LambdaContext,
    log: StringIO,
) -> None:
    paid(state, **columns)
    assert failures(start(batch(bus_event(detail_type, orderId=ORDER)), context)) == []
    assert executions(machine) == {}
    assert '"started":false' in log.getvalue()


def test_an_event_about_an_order_without_a_row_starts_nothing(
    dynamodb: Any, machine: str, context: LambdaContext
) -> None:
    event = bus_event("OrderProcessed", orderId=ORDER)
    assert failures(start(batch(event), context)) == []
    assert executions(machine) == {}


def test_a_row_that_cannot_be_read_brings_the_event_again(
    machine: str, account: None, context: LambdaContext
) -> None:
    event = bus_event("OrderProcessed", orderId=ORDER)
    assert failures(start(batch(event), context)) == ["m-0"]
    assert executions(machine) == {}


def test_a_message_that_names_no_order_comes_again_and_holds_up_no_other(
    machine: str, paid: Callable[..., None], context: LambdaContext
) -> None:
    paid()
    unnamed, odd = bus_event("OrderProcessed"), bus_event("OrderProcessed", orderId="../x")
    good = bus_event("OrderProcessed", orderId=ORDER)
    assert failures(start(batch(unnamed, "no JSON", odd, good), context)) == ["m-0", "m-1", "m-2"]
    assert list(executions(machine)) == [ORDER]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_whatever_happens_to_a_call_the_order_is_started_once_by_the_next_delivery(
    fault: Fault, machine: str, paid: Callable[..., None], context: LambdaContext, calls: Calls
) -> None:
    for place in count():
        order_id = f"o-{place}"
        paid(OrderId=order_id)
        event = batch(bus_event("OrderProcessed", orderId=order_id))
        with suppress(Crash), calls.disturbed(place, fault):
            start(event, context)
        assert failures(start(event, context)) == []
        assert executions(machine)[order_id] == {"SessionId": order_id}
        if not calls.is_struck:
            break
    assert place == 2
    assert len(executions(machine)) == 3


class Refusing:
    """A Step Functions client that refuses to start."""

    def __init__(self, error: str) -> None:
        self.error = error

    def start_execution(self, **request: Any) -> None:
        raise ClientError({"Error": {"Code": self.error}}, "StartExecution")


def test_an_execution_that_was_there_is_a_success() -> None:
    assert not FulfillmentMachine(Refusing("ExecutionAlreadyExists"), "arn").start(ORDER)
    with pytest.raises(ClientError):
        FulfillmentMachine(Refusing("ExecutionLimitExceeded"), "arn").start(ORDER)


@pytest.mark.parametrize("error", ["ExecutionLimitExceeded", "ThrottlingException"])
def test_what_the_machine_has_no_room_for_comes_again(
    error: str,
    machine: str,
    paid: Callable[..., None],
    context: LambdaContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paid()
    full = FulfillmentMachine(Refusing(error), machine)
    event = bus_event("OrderProcessed", orderId=ORDER)
    with monkeypatch.context() as busy:
        busy.setattr(start_fulfillment, "fulfillment_machine", lambda: full)
        assert failures(start(batch(event), context)) == ["m-0"]
    assert failures(start(batch(event), context)) == []
    assert list(executions(machine)) == [ORDER]


def test_support_gets_a_link_that_is_good_for_a_quarter_of_an_hour(
    account: None, context: LambdaContext
) -> None:
    answer = link({"orderId": ORDER, "fulfillmentCenterId": "Süd/2"}, context)
    assert answer["expiresInSeconds"] == 900
    url = urllib.parse.urlsplit(answer["url"])
    assert urllib.parse.unquote(url.path).endswith(f"labels/{ORDER}/S!C3!BCd!2F2.zpl")
    signed = dict(urllib.parse.parse_qsl(url.query))
    assert (signed["X-Amz-Expires"], signed["X-Amz-Algorithm"]) == ("900", "AWS4-HMAC-SHA256")


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ({}, "orderId is missing"),
        ({"orderId": "../x", "fulfillmentCenterId": "fc-1"}, "orderId must be text of the form"),
        ({"orderId": ORDER}, "fulfillmentCenterId is missing"),
        ({"orderId": ORDER, "fulfillmentCenterId": ["x"]}, "fulfillmentCenterId must be text"),
    ],
)
def test_a_label_is_named_by_order_and_centre(
    payload: dict[str, Any], sentence: str, account: None, context: LambdaContext
) -> None:
    with pytest.raises(BadInput, match=sentence):
        link(payload, context)


@pytest.mark.parametrize("days", ['{"default": 3}', '{"default": 0, "fc-1": 365}'])
def test_delivery_days_are_whole_days_by_centre(days: str) -> None:
    assert parse_days(json.loads(days)) == json.loads(days)


@pytest.mark.parametrize(
    "days",
    ["{}", "[]", "x", '{"fc-1": 2}', *(f'{{"default": {each}}}' for each in WRONG_DAYS)],
)
def test_other_delivery_days_are_refused(days: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELIVERY_DAYS", days)
    with pytest.raises(ValueError, match=r"DELIVERY_DAYS|Expecting value"):
        parse_days(json_object("DELIVERY_DAYS"))
