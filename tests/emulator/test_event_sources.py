"""A queue's function gets batches: a few at once, and again only what it could not do."""

import json
from typing import Any

from tests.emulator.bench import Bench

_READS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def _consumed(bench: Bench, source: str, **fields: Any) -> tuple[str, str]:
    """The URL of a queue whose function has this source, and of one that it tells: TOLD."""
    (url, arn), (told_url, told) = bench.queue(VisibilityTimeout="2"), bench.queue()
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
