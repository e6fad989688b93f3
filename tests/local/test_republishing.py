"""`orders republish`: every outcome that could not be published is, as its row stands now."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.cloud import Cloud
from local.republish import command
from tests.emulator.bench import Bench, until
from tests.local.known import Known, call_as_root, call_as_user, make
from tests.local.test_cli import Ended, orders

_ROW = {"OrderId": "o-1", "State": "PROCESSED", "CustomerId": "c-1", "OrderTotal": 100}
_REVIEW = {
    "OrderId": "o-1",
    "ReviewId": "VoidPayment reconcile_order",
    "Step": "VoidPayment",
    "ExecutionArn": "reconcile_order",
    "CreatedAt": "2026-01-01T00:00:00.000Z",
    "Reason": "ProcessingError",
    "Cause": "the gateway did not answer",
}


@pytest.fixture
def known(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Known:
    stack = make(Bench(cloud), tmp_path)
    call_as_root(monkeypatch, cloud)
    monkeypatch.setenv("ORDERS_OUTPUTS", str(stack.file))
    monkeypatch.setattr(command, "_LISTEN_SECONDS", 0)
    return stack


def of_order(order: str = "o-1") -> dict[str, Any]:
    return {"table": "CustomerOrders", "key": {"OrderId": order}, "error": "too large"}


def republish(*options: str) -> tuple[Ended, list[dict[str, Any]]]:
    ended = orders("republish", "--json", *options)
    return ended, [json.loads(line) for line in ended.stdout.splitlines()]


def types(known: Known, count: int = 1) -> list[str]:
    """The types of so many events on the bus."""
    seen: list[str] = []

    def enough() -> bool:
        seen.extend(event["detail-type"] for event in known.published())
        return len(seen) >= count

    until(enough)
    return sorted(seen)


def batch(known: Known, table: str, records: list[Any], **changes: Any) -> dict[str, Any]:
    """Lambda's own document about these records of a table's stream."""
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    info = {
        "shardId": shard(known, table)["ShardId"],
        "startSequenceNumber": numbers[0],
        "endSequenceNumber": numbers[-1],
        "approximateArrivalOfFirstRecord": "2026-01-01T00:00:00Z",
        "approximateArrivalOfLastRecord": "2026-01-01T00:00:00Z",
        "batchSize": len(records),
        "streamArn": stream(known, table),
        **changes,
    }
    context = {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": 3}
    return {"requestContext": context, "version": "1.0", "DDBStreamBatchInfo": info}


def stream(known: Known, table: str) -> str:
    name = known.outputs["tables"][table]
    described = known.cloud.client("dynamodb").describe_table(TableName=name)
    return str(described["Table"]["LatestStreamArn"])


def shard(known: Known, table: str) -> dict[str, Any]:
    streams = known.cloud.client("dynamodbstreams")
    described = streams.describe_stream(StreamArn=stream(known, table))
    (only,) = described["StreamDescription"]["Shards"]
    return dict(only)


def records(known: Known, table: str) -> list[Any]:
    streams = known.cloud.client("dynamodbstreams")
    where = {"StreamArn": stream(known, table), "ShardId": shard(known, table)["ShardId"]}
    begin = streams.get_shard_iterator(**where, ShardIteratorType="TRIM_HORIZON")
    return list(streams.get_records(ShardIterator=begin["ShardIterator"])["Records"])


def test_an_order_is_published_as_its_row_stands_now_and_the_message_goes(known: Known) -> None:
    known.put("CustomerOrders", _ROW)
    sent = known.send(of_order())

    ended, (done,) = republish()

    assert ended.returncode == 0
    assert done == {
        "message": sent,
        "published": [{"detailType": "OrderProcessed", "orderId": "o-1"}],
        "nothing": [],
        "left": None,
    }
    (event,) = until(known.published)
    assert event["detail-type"] == "OrderProcessed"
    assert event["detail"]["orderTotal"] == 100
    assert known.waiting() == []


def test_a_review_is_published_from_its_own_row(known: Known) -> None:
    known.put("ManualReview", _REVIEW)
    key = {name: _REVIEW[name] for name in ("OrderId", "ReviewId")}
    known.send({"table": "ManualReview", "key": key, "error": "denied"})

    ended = orders("republish")

    assert (ended.returncode, ended.stdout) == (
        0,
        "published ManualReviewRequired of order o-1\n",
    )
    (event,) = until(known.published)
    assert event["detail"]["step"] == "VoidPayment"


def test_of_lambdas_own_document_every_row_is_found_in_the_stream(known: Known) -> None:
    known.put("CustomerOrders", {**_ROW, "OrderId": "before"})
    known.put("CustomerOrders", _ROW)
    known.put("CustomerOrders", {**_ROW, "OrderId": "o-2", "State": "FULFILLED"})
    known.put("CustomerOrders", {**_ROW, "OrderTotal": 200})
    known.put("CustomerOrders", {**_ROW, "OrderId": "after"})
    known.send(batch(known, "CustomerOrders", records(known, "CustomerOrders")[1:4]))

    ended, (done,) = republish()

    assert ended.returncode == 0
    assert [event["orderId"] for event in done["published"]] == ["o-1", "o-2"]
    assert types(known, 2) == ["OrderFulfilled", "OrderProcessed"]
    assert known.waiting() == []


def test_records_that_the_stream_has_no_longer_are_named_and_the_message_stays(
    known: Known,
) -> None:
    known.put("CustomerOrders", _ROW)
    found = records(known, "CustomerOrders")
    gone = batch(known, "CustomerOrders", found, shardId="shardId-00000000000000000001-gone")
    sent = known.send(gone)

    ended, (done,) = republish()

    assert ended.returncode == 1
    for part in (
        "shardId-00000000000000000001-gone",
        found[0]["dynamodb"]["SequenceNumber"],
        "2026-01-01",
        "24",
    ):
        assert part in done["left"]
    assert known.waiting() == [sent]


def test_a_row_with_nothing_to_publish_now_is_done(known: Known) -> None:
    known.put("CustomerOrders", {"OrderId": "o-1", "State": "FAILED", "Reason": "OutOfStock"})
    known.send(of_order())

    ended = orders("republish")

    assert ended.returncode == 0
    assert ended.stdout == "nothing to publish now: CustomerOrders o-1\n"
    assert known.waiting() == []


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ("no JSON", "no JSON"),
        ([], "no JSON object"),
        ({"table": "Carts", "key": {"CartId": "1"}}, "'Carts'"),
        ({"table": "CustomerOrders", "key": {}}, "no key"),
        ({"DDBStreamBatchInfo": {"shardId": "s"}}, "startSequenceNumber"),
        (of_order("o-9"), "no row CustomerOrders o-9"),
        ({"table": "CustomerOrders", "key": {"Id": "o-1"}}, "key"),
    ],
)
def test_a_message_that_cannot_be_used_stays_and_says_why(
    known: Known, document: Any, part: str
) -> None:
    known.put("CustomerOrders", _ROW)
    bad, good = known.send(document), known.send(of_order())

    ended, done = republish()

    assert ended.returncode == 1
    assert [each["message"] for each in done if each["left"]] == [bad]
    assert [each["message"] for each in done if each["published"]] == [good]
    assert part in next(each["left"] for each in done if each["left"])
    assert known.waiting() == [bad]


def test_a_batch_of_another_stacks_stream_stays(known: Known) -> None:
    known.put("CustomerOrders", _ROW)
    other = "arn:aws:dynamodb:us-east-1:000000000000:table/Others/stream/2026"
    known.send(batch(known, "CustomerOrders", records(known, "CustomerOrders"), streamArn=other))
    _, (done,) = republish()
    assert other in done["left"]


def test_a_row_of_which_no_event_can_be_made_stays(known: Known) -> None:
    known.put("CustomerOrders", {"OrderId": "o-1"})
    sent = known.send(of_order())
    ended, (done,) = republish()
    assert ended.returncode == 1
    assert "CustomerOrders o-1 makes no event" in done["left"]
    assert known.waiting() == [sent]


def test_what_the_bus_does_not_take_stays(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    known.put("CustomerOrders", _ROW)
    sent = known.send(of_order())
    call_as_user(monkeypatch, known.cloud, ("dynamodb:*", "*"), ("sqs:*", "*"))

    ended, (done,) = republish()

    assert (ended.returncode, done["published"]) == (1, [])
    assert "events:PutEvents" in done["left"]
    assert known.waiting() == [sent]


def test_a_dry_run_says_it_all_and_changes_nothing(known: Known) -> None:
    known.put("CustomerOrders", _ROW)
    sent = known.send(of_order())

    ended = orders("republish", "--dry-run")

    assert (ended.returncode, ended.stdout) == (0, "would publish OrderProcessed of order o-1\n")
    assert known.waiting() == [sent]
    assert known.published() == []


def test_an_empty_queue_is_no_error(known: Known) -> None:
    ended = orders("republish")
    assert (ended.returncode, ended.stdout) == (0, "Nothing to publish: the queue is empty.\n")


def test_more_than_the_queue_gives_at_once_is_published(known: Known) -> None:
    known.put("CustomerOrders", _ROW)
    for _ in range(13):
        known.send(of_order())
    ended, done = republish()
    assert (ended.returncode, len(done)) == (0, 13)
    assert known.waiting() == []


def test_another_queue_may_be_named(known: Known) -> None:
    known.put("CustomerOrders", _ROW)
    known.send(of_order())
    url = known.outputs["queues"].pop("unpublishedOutcomes")
    known.file.write_text(json.dumps(known.outputs), encoding="utf-8")
    ended, done = republish("--queue", url)
    assert (ended.returncode, len(done)) == (0, 1)
