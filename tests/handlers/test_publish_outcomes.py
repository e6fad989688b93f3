"""Changes of rows become events, in order, at least once each; what cannot be one is set aside."""

import json
from contextlib import suppress
from io import StringIO
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError, ReadTimeoutError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.orders import publish_outcomes
from handlers.orders.adapters.event_bus import Events
from handlers.orders.adapters.unpublished import UnpublishedOutcomes
from handlers.orders.rules.events import event_of_order, event_of_review
from handlers.orders.rules.publisher import OutcomePublisher
from tests.handlers.bus import Bus as RealBus
from tests.handlers.bus import failures
from tests.handlers.calls import FAULTS, Calls, Fault
from tests.handlers.fakes import Crash
from tests.handlers.rows import CLOSED, ORDER_ID, PERSONAL, order, review
from tests.handlers.streams import Bus, Row, batch, orders, record

PENDING, PAID, SHIPPED = order("PENDING"), order("PROCESSED"), order("FULFILLED")
FAILED = order("FAILED", Reason="OutOfStock")


def named(order_id: str, state: str = "PROCESSED") -> tuple[None, Row]:
    """Another order's creation."""
    return None, order(state, OrderId=order_id)


def refusal(code: str, status: int = 400) -> ClientError:
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "PutEvents")


class Queue:
    """The queue of what is set aside, as tests look at it."""

    def __init__(self) -> None:
        self.sqs = boto3.client("sqs")
        self.url = self.sqs.create_queue(QueueName="unpublished")["QueueUrl"]

    def messages(self) -> list[dict[str, Any]]:
        found = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in found.get("Messages", ())]


@pytest.fixture
def aside(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    monkeypatch.setenv("UNPUBLISHED_QUEUE_URL", queue.url)
    return queue


@pytest.fixture
def events(aside: Queue, monkeypatch: pytest.MonkeyPatch) -> Bus:
    """A bus that keeps what it takes, and can be made to fail."""
    bus = Bus()
    kept = UnpublishedOutcomes(aside.sqs, aside.url)
    publisher = OutcomePublisher(Events(bus, "Orders"), kept.add)
    monkeypatch.setattr(publish_outcomes, "publisher", lambda: publisher)
    return bus


def publish(context: LambdaContext, records: list[dict[str, Any]]) -> list[str]:
    """The sequence number from which on Lambda is to bring the batch again, if any."""
    return failures(publish_outcomes.handler(batch(records), context))


def test_changes_of_both_tables_are_events_on_the_orders_bus(
    bus: RealBus, aside: Queue, context: LambdaContext, log: StringIO
) -> None:
    records = [
        record("CustomerOrders", PENDING, PAID),
        record("ManualReview", None, review(), 2),
    ]
    assert publish(context, records) == []
    paid, alert = event_of_order(PAID), event_of_review(review())
    assert paid is not None
    assert bus.events() == [
        (paid.detail_type, paid.detail),
        (alert.detail_type, alert.detail),
    ]
    assert aside.messages() == []
    assert '"published":"PUBLISHED"' in log.getvalue()
    assert f'"orderId":"{ORDER_ID}"' in log.getvalue()
    assert not [part for part in PERSONAL if part in log.getvalue()]


def test_a_batch_is_published_in_its_order(events: Bus, context: LambdaContext) -> None:
    changes = [(None, PENDING), (PENDING, PAID), named("o-1"), (PAID, SHIPPED), named("o-2")]
    assert publish(context, orders(*changes)) == []
    assert events.ids == [
        f"{ORDER_ID}:PROCESSED",
        "o-1:PROCESSED",
        f"{ORDER_ID}:FULFILLED",
        "o-2:PROCESSED",
    ]


def test_a_slow_bus_is_left_in_time_and_the_rest_comes_again(
    events: Bus, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([13_000, 12_999, 1])
    monkeypatch.setattr(context, "get_remaining_time_in_millis", lambda: next(times))
    changes = orders(*map(named, ("o-1", "o-2", "o-3", "o-4")))
    assert publish(context, changes) == ["3"]
    assert publish(context, changes[2:]) == ["4"]
    assert events.ids == ["o-1:PROCESSED", "o-2:PROCESSED", "o-3:PROCESSED"]


@pytest.mark.parametrize("records", [[], orders((None, PENDING))], ids=["none", "one"])
def test_a_batch_without_an_outcome_publishes_nothing(
    records: list[dict[str, Any]], events: Bus, context: LambdaContext
) -> None:
    assert publish(context, records) == []
    assert events.entries == []


SILENT = {
    "an order that was fenced": record("CustomerOrders", PENDING, FAILED),
    "an order that was removed": record("CustomerOrders", PAID, None),
    "a refused order that was removed": record("CustomerOrders", {**FAILED, **CLOSED}, None),
    "a note on a review": record("ManualReview", review(), review(Done="payment: refunded")),
    "a review that was settled": record(
        "ManualReview", review(), review(OpenSince=None, SettledAt="now", SettledBy="ada")
    ),
    "a review that was removed": record("ManualReview", review(), None),
}


@pytest.mark.parametrize("silent", SILENT.values(), ids=SILENT)
def test_what_is_no_outcome_and_no_new_review_is_not_published(
    silent: dict[str, Any], events: Bus, aside: Queue, context: LambdaContext
) -> None:
    assert publish(context, [silent]) == []
    assert (events.entries, aside.messages()) == ([], [])


TROUBLE: dict[str, Exception | str] = {
    "not accepted": "InternalFailure",
    "throttled entry": "ThrottlingException",
    "no permission for the entry": "NotAuthorizedForSourceException",
    "throttled": refusal("ThrottlingException"),
    "no permission": refusal("AccessDeniedException"),
    "a failure of its own": refusal("InternalException", 500),
    "no answer": ReadTimeoutError(endpoint_url="x"),
}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_trouble_of_the_bus_stops_the_batch_where_it_begins(
    trouble: Exception | str, place: int, events: Bus, aside: Queue, context: LambdaContext
) -> None:
    events.faults = [*[None] * place, trouble]
    ids = ["o-1", "o-2", "o-3"]
    assert publish(context, orders(*map(named, ids))) == [str(place + 1)]
    assert events.ids == [f"{each}:PROCESSED" for each in ids[:place]]
    assert aside.messages() == []


def test_changes_without_an_outcome_before_the_trouble_are_not_brought_again(
    events: Bus, context: LambdaContext
) -> None:
    events.faults = ["InternalFailure"]
    assert publish(context, orders((None, PENDING), (PENDING, PAID), named("o-1"))) == ["2"]
    assert events.entries == []


def test_what_comes_again_is_the_same_event(events: Bus, context: LambdaContext) -> None:
    events.faults, events.took = [refusal("InternalException", 500)], True
    paid = orders((PENDING, PAID))
    assert publish(context, paid) == ["1"]
    assert publish(context, paid) == []
    first, again = events.entries
    assert first == again


REFUSALS: dict[str, Exception | str] = {
    "too large": refusal("ValidationException"),
    "malformed": "MalformedDetail",
    "an argument": "InvalidArgument",
}


@pytest.mark.parametrize("refused", REFUSALS.values(), ids=REFUSALS)
def test_what_the_bus_never_takes_is_set_aside_by_its_key_and_holds_up_nothing(
    refused: Exception | str, events: Bus, aside: Queue, context: LambdaContext
) -> None:
    events.faults = [None, refused]
    assert publish(context, orders(named("o-1"), (PENDING, PAID), named("o-2"))) == []
    assert events.ids == ["o-1:PROCESSED", "o-2:PROCESSED"]
    (message,) = aside.messages()
    assert message["table"] == "CustomerOrders"
    assert message["key"] == {"OrderId": ORDER_ID}
    assert message["error"].startswith("EventRefused: OrderProcessed: ")


def test_a_review_that_the_bus_never_takes_is_set_aside_by_both_parts_of_its_key(
    events: Bus, aside: Queue, context: LambdaContext
) -> None:
    events.faults = ["MalformedDetail"]
    assert publish(context, [record("ManualReview", None, review())]) == []
    assert aside.messages() == [
        {
            "table": "ManualReview",
            "key": {"OrderId": ORDER_ID, "ReviewId": review()["ReviewId"]},
            "error": "EventRefused: ManualReviewRequired: MalformedDetail",
        }
    ]


UNBUILDABLE = {
    "no State": record("CustomerOrders", PENDING, order("PROCESSED", State=None)),
    "shipments that are none": record(
        "CustomerOrders", PAID, order("FULFILLED", Shipments=["Ada"])
    ),
    "a product that is none": record(
        "CustomerOrders", PAID, order("FULFILLED", Shipments=[{"products": ["Ada Lovelace"]}])
    ),
    "no JSON": record("CustomerOrders", PENDING, order("PROCESSED", Reason={"tok_visa"})),
    "a review without a step": record("ManualReview", None, review(Step=None)),
    "a review without a cause": record("ManualReview", None, review(Cause=None)),
    "a review of nothing": record("ManualReview", None, review(ExecutionArn=None)),
}


@pytest.mark.parametrize("broken", UNBUILDABLE.values(), ids=UNBUILDABLE)
def test_a_row_of_which_no_event_can_be_built_is_set_aside_and_holds_up_nothing(
    broken: dict[str, Any],
    events: Bus,
    aside: Queue,
    context: LambdaContext,
    log: StringIO,
) -> None:
    assert publish(context, [*orders(named("o-1")), broken, *orders(named("o-2"))]) == []
    assert events.ids == ["o-1:PROCESSED", "o-2:PROCESSED"]
    (message,) = aside.messages()
    assert set(message) == {"table", "key", "error"}
    assert message["key"]["OrderId"] == ORDER_ID
    assert message["error"]
    assert not [part for part in PERSONAL if part in f"{message} {log.getvalue()}"]


def test_what_cannot_be_set_aside_comes_again_with_all_that_follows(
    events: Bus, aside: Queue, context: LambdaContext
) -> None:
    aside.sqs.delete_queue(QueueUrl=aside.url)
    events.faults = [None, "MalformedDetail"]
    assert publish(context, orders(named("o-1"), (PENDING, PAID), named("o-2"))) == ["2"]
    assert events.ids == ["o-1:PROCESSED"]


@pytest.mark.parametrize("image", ["OldImage", "NewImage"])
def test_a_row_that_cannot_be_read_is_set_aside_by_its_key_and_holds_up_nothing(
    image: str, events: Bus, aside: Queue, context: LambdaContext
) -> None:
    """Lambda brings bytes as text, in base64."""
    broken = record("CustomerOrders", PENDING, PAID)
    broken["dynamodb"][image]["Signature"] = {"B": "QWRh"}
    assert publish(context, [broken, record("CustomerOrders", *named("o-1"), 2)]) == []
    assert events.ids == ["o-1:PROCESSED"]
    (message,) = aside.messages()
    assert message["key"] == {"OrderId": ORDER_ID}
    assert "QWRh" not in str(message)


NO_CHANGE: dict[str, dict[str, Any]] = {
    "another table": {"eventSourceARN": "arn:aws:dynamodb:us-east-1:1:table/Carts/stream/1"},
    "no stream": {"eventSourceARN": "arn"},
    "no key": {"dynamodb": {"SequenceNumber": "1"}},
    "no row": {"dynamodb": {"SequenceNumber": "1", "Keys": {"OrderId": {"X": "o-1"}}}},
}


@pytest.mark.parametrize("broken", NO_CHANGE.values(), ids=NO_CHANGE)
def test_a_record_that_is_no_change_of_these_tables_is_left_to_lambdas_own_destination(
    broken: dict[str, Any], events: Bus, aside: Queue, context: LambdaContext
) -> None:
    known = record("CustomerOrders", PENDING, PAID)
    assert publish(context, [{**known, **broken}, record("CustomerOrders", *named("o-1"), 2)]) == [
        "1"
    ]
    assert (events.entries, aside.messages()) == ([], [])


def test_a_missing_setting_holds_the_stream_up_and_loses_nothing(
    dynamodb: Any, context: LambdaContext, monkeypatch: pytest.MonkeyPatch, log: StringIO
) -> None:
    monkeypatch.delenv("EVENT_BUS_NAME")
    assert publish(context, orders((PENDING, PAID))) == ["1"]
    assert '"error":"SettingMissing"' in log.getvalue()


def test_an_errors_own_words_are_not_logged(
    events: Bus, context: LambdaContext, log: StringIO
) -> None:
    events.faults = [KeyError("ada@example.com")]
    assert publish(context, orders((PENDING, PAID))) == ["1"]
    assert '"error":"KeyError"' in log.getvalue()
    assert "ada@" not in log.getvalue()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_whatever_happens_to_a_call_no_event_is_lost_and_none_overtakes_another(
    fault: Fault, bus: RealBus, aside: Queue, context: LambdaContext, calls: Calls
) -> None:
    ids = [f"o-{place}" for place in range(3)]
    records = orders(*map(named, ids))
    for place in range(len(ids)):
        left = records
        with suppress(Crash), calls.disturbed(place, fault):
            begun = publish(context, records)
            assert begun == [str(place + 1)]
            left = records[place:]
        assert publish(context, left) == []
        seen = [detail["orderId"] for _, detail in bus.events()]
        assert sorted(set(seen)) == ids
        assert [seen.index(each) for each in ids] == sorted(seen.index(each) for each in ids)
    assert calls.is_struck
    assert aside.messages() == []


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50
)
@given(
    faults=st.lists(st.sampled_from([None, "InternalFailure", *TROUBLE.values()]), max_size=12),
    took=st.booleans(),
)
def test_whatever_fails_every_event_is_published_after_those_before_it(
    faults: list[Exception | str | None], took: bool, events: Bus, context: LambdaContext
) -> None:
    events.faults, events.took = list(faults), took
    events.entries.clear()
    records = left = orders(*(named(f"o-{place}") for place in range(4)))
    while again := publish(context, left):
        left = records[int(again[0]) - 1 :]
    seen = list(dict.fromkeys(events.ids))
    assert seen == [f"o-{place}:PROCESSED" for place in range(4)]
    assert took or events.ids == seen
