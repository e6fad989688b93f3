"""A queue's function gets batches: a few at once, and again only what it could not do."""

import json
import time
from typing import Any

from tests.emulator.bench import Bench
from tests.emulator.contracts import contract

_READS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def _consumed(
    bench: Bench, source: str, queue: dict[str, str] | None = None, **fields: Any
) -> tuple[str, str]:
    """The URL of a queue whose function has this source, and of one that it tells: TOLD."""
    (url, arn), (told_url, told) = (
        bench.queue(**{"VisibilityTimeout": "2", **(queue or {})}),
        bench.queue(),
    )
    grants = [*((read, arn) for read in _READS), ("sqs:SendMessage", told)]
    variables = {"Variables": {"TOLD": told_url}}
    function = bench.function(source, *grants, Timeout=2, Environment=variables)
    bench.invoke(function, {"Records": []})  # its first process starts
    bench.cloud.client("lambda").create_event_source_mapping(
        EventSourceArn=arn, FunctionName=function, **fields
    )
    return url, told_url


def _send(bench: Bench, url: str, *bodies: str) -> None:
    entries = [{"Id": f"m{number}", "MessageBody": body} for number, body in enumerate(bodies)]
    bench.cloud.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)


def _told(bench: Bench, url: str, number: int) -> list[Any]:
    found = list[Any]()
    while len(found) < number and (bodies := bench.received(url, seconds=8)):
        found += map(json.loads, bodies)
    return found


def test_only_the_messages_that_failed_come_again(bench: Bench) -> None:
    source = """
        import boto3, json, os
        sqs = boto3.client("sqs")
        def handler(event, context):
            counts = {r["messageId"]: (r["body"], r["attributes"]["ApproximateReceiveCount"])
                      for r in event["Records"]}
            for body, count in counts.values():
                sqs.send_message(QueueUrl=os.environ["TOLD"], MessageBody=json.dumps([body, count]))
            failed = [id for id, (body, count) in counts.items() if (body, count) == ("bad", "1")]
            return {"batchItemFailures": [{"itemIdentifier": id} for id in failed]}
        """
    url, told = _consumed(bench, source, FunctionResponseTypes=["ReportBatchItemFailures"])
    _send(bench, url, "good", "bad", "fine")
    seen = _told(bench, told, 4)
    assert sorted(seen) == [["bad", "1"], ["bad", "2"], ["fine", "1"], ["good", "1"]]
    assert bench.received(told, seconds=0.3) == []


def test_no_more_batches_run_at_once_than_the_mapping_says(bench: Bench) -> None:
    source = """
        import boto3, json, os, time
        sqs = boto3.client("sqs")
        def handler(event, context):
            began = time.time()
            time.sleep(0.2)
            for record in event["Records"]:
                sqs.send_message(
                    QueueUrl=os.environ["TOLD"], MessageBody=json.dumps([began, time.time()])
                )
        """
    url, told = _consumed(bench, source, BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})
    _send(bench, url, *"123456")
    spans = _told(bench, told, 6)
    assert len(spans) == 6
    assert max(sum(b <= began < e for b, e in spans) for began, _ in spans) == 2


_FAILS = """
    import boto3, json, os
    sqs = boto3.client("sqs")
    def handler(event, context):
        for record in event["Records"]:
            count = record["attributes"]["ApproximateReceiveCount"]
            sqs.send_message(QueueUrl=os.environ["TOLD"], MessageBody=count)
        {}
    """


def _tried_thrice(bench: Bench, fails: str, **fields: Any) -> float:
    """The seconds that a message took to the dead-letter queue, failed three times."""
    dead_url, dead = bench.queue()
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": "3"})
    queue = {"VisibilityTimeout": "120", "RedrivePolicy": redrive}
    url, told = _consumed(bench, _FAILS.format(fails), queue, **fields)
    began = time.monotonic()
    _send(bench, url, "bad")
    assert bench.received(dead_url) == ["bad"]
    seconds = time.monotonic() - began
    assert sorted(_told(bench, told, 3)) == [1, 2, 3]
    return seconds


@contract("quick_redelivery")
def test_a_failed_message_comes_again_soon_while_waits_pass_faster(bench: Bench) -> None:
    assert 0.6 <= _tried_thrice(bench, "assert not event['Records']") < 2.5


def test_a_reported_message_comes_again_soon_while_waits_pass_faster(bench: Bench) -> None:
    reports = """return {"batchItemFailures": [
            {"itemIdentifier": record["messageId"]} for record in event["Records"]]}"""
    fields = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}
    assert 0.6 <= _tried_thrice(bench, reports, **fields) < 2.5


def test_a_failed_message_waits_for_its_visibility_timeout_on_a_real_clock(bench: Bench) -> None:
    bench.cloud.pace(1)
    try:
        url, told = _consumed(bench, _FAILS.format("assert not event['Records']"))
        _send(bench, url, "bad")
        assert _told(bench, told, 1) == [1]
        began = time.monotonic()
        assert _told(bench, told, 1) == [2]
        assert 1 < time.monotonic() - began < 4
    finally:
        bench.cloud.pace(20)
