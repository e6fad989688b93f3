"""The functions that queues and schedules invoke, on an order of real tables."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import wiring
from handlers.adapters.dynamodb import Row, plain, read, typed
from handlers.adapters.events import Events
from handlers.domain.clock import timestamp
from handlers.domain.errors import EventNotAccepted, SweepIncomplete
from handlers.domain.outcomes import Event
from handlers.mark_published import handler as mark_published
from handlers.reconcile_order import handler as reconcile_order
from handlers.republish_outcomes import handler as republish_outcomes
from handlers.sweep_reservations import handler as sweep_reservations
from tests.handlers.bus import (
    Bus,
    batch,
    bus_event,
    failures,
    start_execution,
    stop_execution,
)

ORDER: dict[str, Any] = {
    "orderId": "o-1",
    "customerId": "c-1",
    "currency": "USD",
    "orderTotal": 500,
    "items": [{"itemId": "a", "price": 250, "quantity": 2}],
    "payment": {"token": "tok_visa", "cardType": "VISA", "last4": "4242"},
    "requestedAt": "2026-01-01T00:00:00.000Z",
}
REJECTED = {
    "orderId": "o-1",
    "customerId": "c-1",
    "orderTotal": 500,
    "currency": "USD",
    "reason": "OutOfStock",
    "cause": "why",
}
AGO = timestamp(datetime.now(UTC) - timedelta(minutes=6))


def put(client: Any, table: str, **row: Any) -> None:
    client.put_item(TableName=table, Item=typed(row))


def order_row(client: Any, order_id: str = "o-1") -> Row:
    row = read(client, "CustomerOrders", OrderId=order_id)
    assert row is not None
    return row


def put_order(client: Any, state: str, **more: Any) -> None:
    known = {"CustomerId": "c-1", "OrderTotal": 500, "Currency": "USD"}
    late = {"Unpublished": "yes", "UpdatedAt": AGO}
    put(client, "CustomerOrders", **{"OrderId": "o-1", "State": state, **known, **late, **more})


def reserve(client: Any, arn: str, expires_in: int = -1) -> None:
    put(client, "Inventory", ProductId="a", OnHand=8, Reserved=2)
    put(
        client,
        "Reservations",
        OrderId="o-1",
        Status="RESERVED",
        Items=[{"itemId": "a", "quantity": 2}],
        ExecutionArn=arn,
        Expiring="yes",
        ExpiresAt=int(datetime.now(UTC).timestamp()) + expires_in,
    )


def pay() -> None:
    wiring.payments().authorize("o-1", 500, "USD", "tok_visa")
    wiring.payments().capture("o-1", 500, "USD")


def assert_undone(client: Any) -> None:
    stock = client.get_item(TableName="Inventory", Key=typed({"ProductId": "a"}))["Item"]
    assert plain(stock) == {"ProductId": "a", "OnHand": 10, "Reserved": 0}
    assert wiring.payments().void("o-1") == "REFUNDED"
    assert order_row(client)["Compensated"] is True
    review = read(client, "ManualReview", OrderId="o-1", Step="Recovery")
    assert review is not None
    assert set(review) == {
        "OrderId",
        "Step",
        "Failed",
        "Done",
        "ToDo",
        "CreatedAt",
        "PublishedAt",
    }


def ended(arn: str, **more: Any) -> dict[str, Any]:
    detail = {"executionArn": arn, "status": "ABORTED", "error": None, "cause": None, **more}
    return bus_event("Step Functions Execution Status Change", **detail)


def test_an_order_is_marked_when_its_event_comes_round(
    dynamodb: Any, context: LambdaContext
) -> None:
    put_order(dynamodb, "PROCESSED")
    event = bus_event("OrderProcessed", orderId="o-1")
    assert failures(mark_published(batch(event, event), context)) == []
    assert order_row(dynamodb)["PublishedAt"] == "2026-01-01T00:00:00Z"
    assert "Unpublished" not in order_row(dynamodb)


@pytest.mark.parametrize(
    ("detail_type", "state"),
    [
        ("OrderRejected", "PROCESSED"),
        ("OrderProcessed", "FAILED"),
        ("OrderProcessed", "PENDING"),
    ],
)
def test_an_event_that_tells_no_outcome_of_this_order_marks_nothing(
    detail_type: str, state: str, dynamodb: Any, context: LambdaContext
) -> None:
    put_order(dynamodb, state)
    assert failures(mark_published(batch(bus_event(detail_type, orderId="o-1")), context)) == []
    assert "PublishedAt" not in order_row(dynamodb)


def test_a_message_that_fails_comes_again_and_holds_up_no_other(
    dynamodb: Any, context: LambdaContext, log: StringIO
) -> None:
    put_order(dynamodb, "FAILED")
    good = bus_event("OrderRejected", orderId="o-1")
    answer = mark_published(batch("no JSON", good, {"detail": 1}, bus_event("X")), context)
    assert failures(answer) == ["m-0", "m-2", "m-3"]
    assert "PublishedAt" in order_row(dynamodb)
    assert log.getvalue().count('"error":"BadInput"') == 3


@pytest.mark.parametrize("tells_input", [True, False])
def test_an_aborted_execution_is_undone_whether_or_not_its_event_tells_the_input(
    tells_input: bool, dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    arn = start_execution(ORDER)
    stop_execution(arn)
    reserve(dynamodb, arn)
    pay()
    given = wiring.executions().client.describe_execution(executionArn=arn)["input"]
    event = ended(arn, input=given) if tells_input else ended(arn)
    assert failures(reconcile_order(batch(event), context)) == []
    assert failures(reconcile_order(batch(event), context)) == []
    assert_undone(dynamodb)
    assert order_row(dynamodb)["Reason"] == "ProcessingError"
    assert [name for name, _ in told.told()] == ["ManualReviewRequired", "OrderRejected"]


NAMELESS = ["[]", "{}", '"x"', "5", "null", '{"orderId": "no id"}', '[{"orderId": "o-1"}]']


@pytest.mark.parametrize("document", NAMELESS)
def test_a_human_is_called_once_for_an_execution_that_names_no_order(
    document: str, dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    event = ended("arn:aws:states:::execution:orders:run-1", input=document)
    assert failures(reconcile_order(batch(event, event), context)) == []
    ((detail_type, detail),) = told.told()
    assert (detail_type, detail["orderId"]) == ("ManualReviewRequired", "run-1")
    review = read(dynamodb, "ManualReview", OrderId="run-1", Step="Recovery")
    assert review is not None
    assert review["ToDo"].startswith("find out who started the execution")
    assert dynamodb.scan(TableName="CustomerOrders")["Items"] == []


@pytest.mark.parametrize("error", ["InvalidOrder", "SessionNotFound"])
@pytest.mark.parametrize("document", [*NAMELESS, '{"orderId": "o-1"}'])
def test_an_input_that_its_machine_refused_is_no_order_of_its(
    document: str, error: str, dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    put_order(dynamodb, "PENDING")
    event = ended("arn:run-1", input=document, status="FAILED", error=error, cause="why")
    assert failures(reconcile_order(batch(event), context)) == []
    assert (order_row(dynamodb)["State"], told.told()) == ("PENDING", [])


def test_an_event_whose_input_is_no_json_is_left_to_the_dead_letter_queue(
    dynamodb: Any, context: LambdaContext
) -> None:
    event = ended("arn", input="{")
    assert failures(reconcile_order(batch(event), context)) == ["m-0"]


def test_a_recorded_order_survives_its_executions_abort(
    dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    put_order(dynamodb, "PROCESSED")
    arn = start_execution(ORDER)
    stop_execution(arn)
    assert failures(reconcile_order(batch(ended(arn)), context)) == []
    assert told.told() == []


@pytest.mark.parametrize(
    ("row", "event"),
    [
        (
            {"state": "FAILED", "Reason": "OutOfStock", "Cause": "why"},
            ("OrderRejected", REJECTED),
        ),
        (
            {"state": "PROCESSED"},
            (
                "OrderProcessed",
                {name: REJECTED[name] for name in REJECTED if name != "cause"} | {"reason": ""},
            ),
        ),
    ],
)
def test_an_outcome_nobody_saw_is_told_again(
    row: Row, event: Any, dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    put_order(dynamodb, **row)
    assert republish_outcomes({}, context) == {"rows": 1}
    assert republish_outcomes({}, context) == {"rows": 0}
    assert told.told() == [event]
    assert "PublishedAt" in order_row(dynamodb)


def put_review(client: Any, step: str = "VoidPayment", **more: Any) -> None:
    asked = {"Failed": "ProcessingError: why", "Untold": "yes", "CreatedAt": AGO}
    put(client, "ManualReview", **{"OrderId": "o-1", "Step": step, **asked, **more})


def review_row(client: Any, step: str = "VoidPayment") -> Row:
    row = read(client, "ManualReview", OrderId="o-1", Step=step)
    assert row is not None
    return row


def test_a_review_is_marked_when_its_event_comes_round(
    dynamodb: Any, context: LambdaContext
) -> None:
    put_review(dynamodb)
    put_review(dynamodb, "ReleaseStock")
    event = bus_event("ManualReviewRequired", orderId="o-1", step="VoidPayment")
    assert failures(mark_published(batch(event, event), context)) == []
    assert review_row(dynamodb)["PublishedAt"] == "2026-01-01T00:00:00Z"
    assert "Untold" not in review_row(dynamodb)
    assert review_row(dynamodb, "ReleaseStock")["Untold"] == "yes"


def test_one_call_for_a_human_may_be_about_several_reviews(
    dynamodb: Any, context: LambdaContext
) -> None:
    for step in ("Fulfill fc-1", "Fulfill fc-2", "FulfillGroups"):
        put_review(dynamodb, step)
    steps = ["Fulfill fc-1", "Fulfill fc-2"]
    event = bus_event("ManualReviewRequired", orderId="o-1", step="FulfillGroups", reviews=steps)
    assert failures(mark_published(batch(event), context)) == []
    assert all("Untold" not in review_row(dynamodb, step) for step in steps)
    assert "Untold" in review_row(dynamodb, "FulfillGroups")


@pytest.mark.parametrize(
    "detail",
    [
        {},
        {"step": 7},
        {"reviews": "all"},
        {"step": "VoidPayment"},
        {"orderId": "", "step": "FailCheckout"},
    ],
    ids=["no step", "no text", "no list", "no review", "no order"],
)
def test_a_call_for_a_human_about_what_has_no_review_makes_none_up(
    detail: dict[str, Any], dynamodb: Any, context: LambdaContext
) -> None:
    event = bus_event("ManualReviewRequired", **{"orderId": "o-1", **detail})
    assert failures(mark_published(batch(event), context)) == []
    assert read(dynamodb, "ManualReview", OrderId="o-1", Step="VoidPayment") is None


def test_a_review_nobody_was_called_for_is_called_for_again(
    dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    put_order(dynamodb, "FAILED", Reason="OutOfStock", Cause="why", UpdatedAt="9999")
    put_review(dynamodb)
    assert republish_outcomes({}, context) == {"rows": 1}
    assert republish_outcomes({}, context) == {"rows": 0}
    called = {**REJECTED, "cause": "ProcessingError: why", "step": "VoidPayment"}
    assert told.told() == [("ManualReviewRequired", called)]
    assert "Untold" not in review_row(dynamodb)


def test_a_review_of_an_order_without_a_row_is_called_for_by_its_id(
    dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    put_review(dynamodb)
    republish_outcomes({}, context)
    ((_, detail),) = told.told()
    assert (detail["orderId"], detail["step"]) == ("o-1", "VoidPayment")


def test_a_review_that_may_still_be_told_is_not_called_for_again(
    dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    put_review(dynamodb, CreatedAt=timestamp(datetime.now(UTC)))
    assert republish_outcomes({}, context) == {"rows": 0}
    assert told.told() == []


@pytest.mark.parametrize("state", ["FAILED", "PENDING"], ids=["young", "undecided"])
def test_what_may_still_be_told_or_has_no_outcome_is_not_told_again(
    state: str, dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    young = {"UpdatedAt": timestamp(datetime.now(UTC))} if state == "FAILED" else {}
    put_order(dynamodb, state=state, **young)
    republish_outcomes({}, context)
    assert told.told() == []


class Refusing:
    """An EventBridge client that takes no event of one order."""

    def __init__(self, client: Any, order_id: str) -> None:
        self._client = client
        self._order_id = order_id

    def put_events(self, **request: Any) -> Any:
        if self._order_id in request["Entries"][0]["Detail"]:
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalException"}]}
        return self._client.put_events(**request)


def test_an_order_that_cannot_be_told_holds_up_no_other(
    dynamodb: Any, told: Bus, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("o-1", "o-2", "o-3"):
        put_order(dynamodb, "PROCESSED", OrderId=name)
    events = Events(Refusing(wiring.events().client, "o-2"), "Orders")
    monkeypatch.setattr(wiring, "events", lambda: events)
    with pytest.raises(SweepIncomplete, match="1 of 3"):
        republish_outcomes({}, context)
    assert sorted(detail["orderId"] for _, detail in told.told()) == ["o-1", "o-3"]


def test_an_event_that_the_bus_does_not_take_is_an_error() -> None:
    events = Events(Refusing(None, "o-2"), "Orders")
    with pytest.raises(EventNotAccepted, match="OrderRejected: InternalException"):
        events.publish(Event("OrderRejected", {"orderId": "o-2"}))


def test_an_expired_reservation_of_an_ended_execution_is_undone(
    dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    arn = start_execution(ORDER)
    stop_execution(arn)
    reserve(dynamodb, arn)
    pay()
    assert sweep_reservations({}, context) == {"reservations": 1}
    assert_undone(dynamodb)
    assert sweep_reservations({}, context) == {"reservations": 0}
    assert [name for name, _ in told.told()] == ["ManualReviewRequired", "OrderRejected"]


def test_a_reservation_of_an_execution_that_nobody_knows_is_undone(
    dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    arn = start_execution(ORDER)
    reserve(dynamodb, f"{arn}-forgotten")
    pay()
    assert sweep_reservations({}, context) == {"reservations": 1}
    assert_undone(dynamodb)
    assert "OrderRejected" in [name for name, _ in told.told()]


def test_an_expired_reservation_of_a_running_execution_is_left_alone(
    dynamodb: Any, told: Bus, context: LambdaContext
) -> None:
    reserve(dynamodb, start_execution(ORDER))
    assert sweep_reservations({}, context) == {"reservations": 1}
    assert read(dynamodb, "CustomerOrders", OrderId="o-1") is None
    assert told.told() == []


def test_a_reservation_that_has_time_left_is_not_swept(
    dynamodb: Any, context: LambdaContext
) -> None:
    reserve(dynamodb, "arn", expires_in=60)
    assert sweep_reservations({}, context) == {"reservations": 0}
