"""Fulfillments that ended without an end of their own: a human is called, nothing is undone."""

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.adapters.dynamodb import read, typed
from handlers.adapters.orders import Orders
from handlers.adapters.reviews import Reviews
from handlers.domain.fulfillment_recovery import STEP, FulfillmentRecovery
from handlers.domain.recovery import EndedExecution, Verdict
from handlers.domain.telling import Telling
from handlers.reconcile_order import handler
from tests.handlers.bus import Bus, batch, bus_event, failures
from tests.handlers.checkouts import Fused, Told
from tests.handlers.fakes import Crash, Fuse
from tests.handlers.warehouses import ORDER

ARN = f"arn:aws:states:us-east-1:123456789012:execution:ship:{ORDER}"
UNCAUGHT = [
    ("TIMED_OUT", None),
    ("ABORTED", "Stopped"),
    ("FAILED", "States.Runtime"),
    ("FAILED", "States.DataLimitExceeded"),
]


def ended(status: str = "TIMED_OUT", error: str | None = None, **order: Any) -> EndedExecution:
    return EndedExecution({"SessionId": ORDER, **order}, ARN, status, error)


def recovery(client: Any, bus: Told) -> FulfillmentRecovery:
    orders, reviews = Orders(client, "CustomerOrders"), Reviews(client, "ManualReview")
    return FulfillmentRecovery(orders, reviews, Telling(orders, reviews, bus))


def review(client: Any, order: str = ORDER) -> Any:
    return read(client, "ManualReview", OrderId=order, Step=STEP)


def put(client: Any, **columns: Any) -> None:
    client.put_item(TableName="CustomerOrders", Item=typed({"OrderId": ORDER, **columns}))


@pytest.mark.parametrize(("status", "error"), UNCAUGHT)
def test_an_uncaught_end_calls_a_human_once_and_changes_no_order(
    status: str, error: str | None, dynamodb: Any
) -> None:
    bus = Told()
    put(dynamodb, State="PROCESSED", CustomerId="c-1")
    for _ in range(2):
        found = recovery(dynamodb, bus).reconcile(ended(status, error))
        assert found is Verdict.REVIEWED
    assert bus.types == ["ManualReviewRequired"]
    assert bus.events[0].detail["customerId"] == "c-1"
    row = review(dynamodb)
    assert row["Failed"].startswith(f"the execution ended {status}")
    assert row["ToDo"].startswith("redrive the execution, or start <orderId>-<n>")
    assert Orders(dynamodb, "CustomerOrders").read(ORDER) == {
        "OrderId": ORDER,
        "State": "PROCESSED",
        "CustomerId": "c-1",
    }


@pytest.mark.parametrize(
    "error", ["PaymentNotReceived", "SessionNotFound", "NoProducts", "InvalidOrder"]
)
def test_an_end_of_the_machines_own_needs_nobody(error: str, dynamodb: Any) -> None:
    bus = Told()
    found = recovery(dynamodb, bus).reconcile(ended("FAILED", error))
    assert found is Verdict.NOTHING_DONE
    assert (bus.types, review(dynamodb)) == ([], None)


@pytest.mark.parametrize(
    "columns",
    [
        {"State": "FULFILLED"},
        {"State": "FAILED", "Reason": "PaymentNotReceived", "ExecutionArn": ARN},
    ],
)
def test_what_was_recorded_before_the_end_stands(columns: dict[str, Any], dynamodb: Any) -> None:
    bus = Told()
    put(dynamodb, **columns)
    assert recovery(dynamodb, bus).reconcile(ended()) is Verdict.STANDS
    assert (bus.types, review(dynamodb)) == ([], None)


def test_another_executions_refusal_is_no_end_of_this_one(dynamodb: Any) -> None:
    bus = Told()
    put(dynamodb, State="FAILED", Reason="PaymentNotReceived", ExecutionArn="another")
    assert recovery(dynamodb, bus).reconcile(ended()) is Verdict.REVIEWED


@pytest.mark.parametrize("session", [None, 5, "", "a/b", "x" * 3000])
def test_a_session_without_a_name_is_known_by_its_execution(session: Any, dynamodb: Any) -> None:
    recovery(dynamodb, Told()).reconcile(ended(SessionId=session))
    assert review(dynamodb)["ToDo"]


def test_after_a_crash_anywhere_a_human_is_called(dynamodb: Any) -> None:
    for step in count():
        bus, order = Told(), f"o-{step}"
        execution = ended(SessionId=order)
        try:
            recovery(Fused(dynamodb, Fuse(step)), bus).reconcile(execution)
        except Crash:
            recovery(dynamodb, bus).reconcile(execution)
            assert set(bus.types) == {"ManualReviewRequired"}
            assert "PublishedAt" in review(dynamodb, order)
            continue
        break
    assert step == 4


@pytest.fixture
def status_event() -> Callable[..., dict[str, Any]]:
    def make(status: str, error: str | None = None) -> dict[str, Any]:
        return bus_event(
            "Step Functions Execution Status Change",
            executionArn=ARN,
            status=status,
            error=error,
            cause=None,
            input=json.dumps({"SessionId": ORDER}),
        )

    return make


def test_the_reconciler_tells_a_fulfillment_by_its_session(
    dynamodb: Any, told: Bus, status_event: Callable[..., Any], context: LambdaContext
) -> None:
    events = [status_event("TIMED_OUT"), status_event("FAILED", "ProcessingError")]
    assert failures(handler(batch(*events), context)) == []
    ((detail_type, detail),) = told.told()
    assert (detail_type, detail["orderId"]) == ("ManualReviewRequired", ORDER)
    assert dynamodb.scan(TableName="PaymentGateway")["Items"] == []
    assert dynamodb.scan(TableName="CustomerOrders")["Items"] == []
