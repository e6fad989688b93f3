"""A table's stream reaches its function in order, and what fails is handled as the mapping says.

Tests marked so are the contract of one patch.
"""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local import settling
from local.emulator.stream_batches import Batch, too_old
from local.settling import settle
from tests.emulator.bench import Bench, Grant, until
from tests.emulator.contracts import contract

_READS = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
_REPORTS = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}
_HEARD = """
    import boto3, json, os
    sqs = boto3.client("sqs")
    def names(event):
        return [r["dynamodb"]["Keys"]["Id"]["S"] for r in event["Records"]]
    def number(event, name):
        found = (r for r in event["Records"] if r["dynamodb"]["Keys"]["Id"]["S"] == name)
        return next((r["dynamodb"]["SequenceNumber"] for r in found), None)
    def hear(event):
        sqs.send_message(QueueUrl=os.environ["HEARD"], MessageBody=json.dumps(names(event)))
    """


class _Lab:
    """A table with a stream, and a queue that hears which records its function was given."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.table, self.stream = _table(bench)
        self.heard_url, self.heard_arn = bench.queue()
        self.dead_url, self.dead_arn = bench.queue()

    def grants(self) -> list[Grant]:
        return [
            *((read, self.stream) for read in _READS),
            ("dynamodb:ListStreams", "*"),
            ("sqs:SendMessage", self.heard_arn),
            ("sqs:SendMessage", self.dead_arn),
        ]

    def function(self, handler: str) -> str:
        variables = {"Variables": {"HEARD": self.heard_url}}
        lines = (
            _HEARD,
            "    def handler(event, context):",
            "        hear(event)",
            f"        {handler}",
        )
        function = self.bench.function("\n".join(lines), *self.grants(), Environment=variables)
        self.bench.invoke(function, {"Records": []})  # its first process starts
        assert self.heard(1) == [[]]
        return function

    def mapping(self, handler: str, **fields: Any) -> str:
        """The id of the mapping to a function that hears, then does this."""
        made = self.bench.cloud.client("lambda").create_event_source_mapping(
            EventSourceArn=self.stream,
            FunctionName=self.function(handler),
            StartingPosition="TRIM_HORIZON",
            **{"DestinationConfig": {"OnFailure": {"Destination": self.dead_arn}}, **fields},
        )
        return str(made["UUID"])

    def put(self, *names: str, **columns: str) -> None:
        item = {name: {"S": value} for name, value in columns.items()}
        for name in names:
            self.bench.cloud.client("dynamodb").put_item(
                TableName=self.table, Item={"Id": {"S": name}, **item}
            )

    def heard(self, number: int) -> list[Any]:
        """What the first so many invocations were given."""
        found = list[Any]()
        while len(found) < number and (bodies := self.bench.received(self.heard_url)):
            found += map(json.loads, bodies)
        return found

    def is_quiet(self) -> bool:
        return self.bench.received(self.heard_url, seconds=0.5) == []


def _table(bench: Bench) -> tuple[str, str]:
    name = bench.name("table")
    made = bench.cloud.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return name, made["TableDescription"]["LatestStreamArn"]


def test_records_come_in_order_from_the_first_on(bench: Bench) -> None:
    lab = _Lab(bench)
    lab.put("a", "b", "c")
    lab.mapping("return None", BatchSize=2)
    lab.put("d")
    first, *rest = lab.heard(2)
    assert first == ["a", "b"]
    while sum(map(len, rest)) < 2:
        rest += lab.heard(1)
    assert [name for batch in rest for name in batch] == ["c", "d"]


def test_a_stream_is_read_a_hundred_records_at_a_time_unless_the_mapping_says_so(
    bench: Bench,
) -> None:
    lab = _Lab(bench)
    lab.put(*map(str, range(12)))
    lab.mapping("return None")
    assert lab.heard(1) == [[str(number) for number in range(12)]]


def test_an_identical_rewrite_gives_no_record(bench: Bench) -> None:
    lab = _Lab(bench)
    lab.put("a", State="X")
    lab.put("a", State="X")
    lab.put("a", State="Y")
    lab.mapping("return None")
    assert lab.heard(1) == [["a", "a"]]


@contract("stream_reading")
def test_a_reported_record_and_those_after_it_come_again(bench: Bench) -> None:
    lab = _Lab(bench)
    lab.put("a", "b", "c", "d")
    reports = """first = len(names(event)) == 4
        failed = [number(event, name) for name in ("c", "b") if first]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}"""
    lab.mapping(reports, **_REPORTS)
    assert lab.heard(2) == [["a", "b", "c", "d"], ["b", "c", "d"]]
    assert lab.is_quiet()


@pytest.mark.parametrize("answer", ["None", "{}", "{'batchItemFailures': None}", "''"])
def test_an_answer_that_reports_nothing_is_success(bench: Bench, answer: str) -> None:
    lab = _Lab(bench)
    lab.put("a", "b")
    lab.mapping(f"return {answer}", **_REPORTS)
    assert lab.heard(1) == [["a", "b"]]
    assert lab.is_quiet()


@pytest.mark.parametrize("failure", ["{'itemIdentifier': 'none'}", "{'itemIdentifier': ''}", "{}"])
def test_a_report_of_what_is_no_record_fails_the_batch(bench: Bench, failure: str) -> None:
    lab = _Lab(bench)
    lab.put("a", "b")
    known = "{'itemIdentifier': number(event, 'b')}"
    lab.mapping(
        f"return {{'batchItemFailures': [{known}, {failure}]}}", MaximumRetryAttempts=1, **_REPORTS
    )
    assert lab.heard(2) == [["a", "b"], ["a", "b"]]


def test_a_report_means_nothing_unless_the_mapping_asks_for_it(bench: Bench) -> None:
    lab = _Lab(bench)
    lab.put("a")
    lab.mapping("return {'batchItemFailures': [{'itemIdentifier': number(event, 'a')}]}")
    assert lab.heard(1) == [["a"]]
    assert lab.is_quiet()


_POISON = "assert 'bad' not in names(event)"


def test_a_failing_batch_is_halved_until_the_bad_record_is_alone(bench: Bench) -> None:
    lab = _Lab(bench)
    lab.put("a", "b", "bad", "c")
    lab.mapping(_POISON, BisectBatchOnFunctionError=True, MaximumRetryAttempts=1)
    assert lab.heard(6) == [
        ["a", "b", "bad", "c"],
        ["a", "b"],
        ["bad", "c"],
        ["bad"],
        ["bad"],
        ["c"],
    ]
    (document,) = map(json.loads, bench.received(lab.dead_url))
    assert document["DDBStreamBatchInfo"]["batchSize"] == 1


@contract("stream_reading")
def test_what_exhausts_its_retries_is_described_to_the_destination(bench: Bench) -> None:
    lab = _Lab(bench)
    lab.put("a", "bad")
    lab.mapping(_POISON, MaximumRetryAttempts=2)
    assert lab.heard(3) == [["a", "bad"]] * 3
    (document,) = map(json.loads, bench.received(lab.dead_url))
    first, last = (record["dynamodb"] for record in _records(bench, lab.stream))
    batch = document["DDBStreamBatchInfo"]
    assert document["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert batch.pop("shardId").startswith("shardId-")
    for name in ("approximateArrivalOfFirstRecord", "approximateArrivalOfLastRecord"):
        time.strptime(batch.pop(name), "%Y-%m-%dT%H:%M:%SZ")
    assert batch == {
        "streamArn": lab.stream,
        "startSequenceNumber": first["SequenceNumber"],
        "endSequenceNumber": last["SequenceNumber"],
        "batchSize": 2,
    }
    lab.put("next")
    assert lab.heard(1) == [["next"]], "the stream goes on"


def test_a_record_that_is_too_old_is_given_up(bench: Bench) -> None:
    lab = _Lab(bench)
    limit = 2  # seconds; AWS takes no fewer than 60
    mapping = lab.mapping("return None", MaximumRecordAgeInSeconds=limit, Enabled=False)
    lab.put("old")
    time.sleep(limit + 1.1)
    lab.put("young")
    bench.cloud.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=True)
    assert lab.heard(1) == [["young"]]
    (document,) = map(json.loads, bench.received(lab.dead_url))
    assert document["requestContext"]["condition"] == "RecordAgeExceeded"
    assert document["DDBStreamBatchInfo"]["batchSize"] == 1


@pytest.mark.parametrize(("limit", "old"), [(-1, 0), (60, 1), (30, 2), (5, 3)])
def test_records_are_too_old_from_the_first_on(limit: int, old: int) -> None:
    records = [
        {"dynamodb": {"ApproximateCreationDateTime": created}} for created in (100, 130, 150)
    ]
    assert too_old(Batch(records), {"MaximumRecordAgeInSeconds": limit}, now=165) == old


def test_a_filter_keeps_records_from_the_function(bench: Bench) -> None:
    lab = _Lab(bench)
    lab.put("a", State="PENDING")
    lab.put("b", State="PROCESSED")
    pattern = {"dynamodb": {"NewImage": {"State": {"S": ["PROCESSED"]}}}}
    lab.mapping("return None", FilterCriteria={"Filters": [{"Pattern": json.dumps(pattern)}]})
    assert lab.heard(1) == [["b"]]


def test_a_mapping_that_is_off_reads_nothing_and_loses_nothing(bench: Bench) -> None:
    lab = _Lab(bench)
    mapping = lab.mapping("return None")
    update = bench.cloud.client("lambda").update_event_source_mapping
    update(UUID=mapping, Enabled=False)
    lab.put("a")
    assert lab.is_quiet()
    update(UUID=mapping, Enabled=True)
    assert lab.heard(1) == [["a"]]


def test_a_slow_function_of_a_stream_holds_up_no_queue(bench: Bench) -> None:
    slow, lab = _Lab(bench), _Lab(bench)
    url, arn = bench.queue()
    queue_reads = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
    relays = """
        import boto3, os
        def handler(event, context):
            for record in event["Records"]:
                boto3.client("sqs").send_message(QueueUrl=os.environ["HEARD"], MessageBody="[]")
        """
    grants = [*lab.grants(), *((read, arn) for read in queue_reads)]
    variables = {"Variables": {"HEARD": lab.heard_url}}
    function = bench.function(relays, *grants, Environment=variables)
    bench.invoke(function, {"Records": [{}]})
    assert lab.heard(1) == [[]]
    client = bench.cloud.client("lambda")
    client.create_event_source_mapping(EventSourceArn=arn, FunctionName=function)
    slow.mapping("import time; time.sleep(3)")
    slow.put("a")
    assert slow.heard(1) == [["a"]]
    began = time.monotonic()
    bench.cloud.client("sqs").send_message(QueueUrl=url, MessageBody="x")
    assert lab.heard(1) == [[]]
    assert time.monotonic() - began < 1.5


def test_a_stream_is_busy_until_its_last_record_is_handled(bench: Bench) -> None:
    lab = _Lab(bench)
    lab.mapping("import time; time.sleep(0.7)", BatchSize=1)
    lab.put("a", "b")
    assert any(name.startswith(f"{lab.table} stream to function-") for name in bench.cloud.busy([]))
    settle(bench.cloud, [])
    assert lab.heard(2) == [["a"], ["b"]]
    assert bench.cloud.busy([]) == []


def test_a_stream_is_busy_while_a_record_is_to_be_tried_again(bench: Bench) -> None:
    lab = _Lab(bench)
    lab.put("bad")
    lab.mapping(_POISON, MaximumRetryAttempts=3)
    settle(bench.cloud, [])
    assert lab.heard(4) == [["bad"]] * 4
    assert len(bench.received(lab.dead_url)) == 1


def test_settling_names_the_stream_that_does_not(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = _Lab(bench)
    lab.put("bad")
    mapping = lab.mapping(_POISON)
    monkeypatch.setattr(settling, "PATIENCE_SECONDS", 0.5)
    with pytest.raises(settling.UnsettledError, match=f"{lab.table} stream to function-"):
        settle(bench.cloud, [])
    update = bench.cloud.client("lambda").update_event_source_mapping
    update(UUID=mapping, Enabled=False)
    until(lambda: bench.cloud.busy([]) == [])


@contract("event_source_mappings")
def test_a_function_may_read_a_stream_only_with_every_grant(bench: Bench) -> None:
    lab = _Lab(bench)
    create = bench.cloud.client("lambda").create_event_source_mapping
    for missing in {grant for grant in lab.grants() if grant[1] != lab.heard_arn}:
        grants = [grant for grant in lab.grants() if grant != missing]
        function = bench.function("def handler(event, context): return None\n", *grants)
        with pytest.raises(ClientError, match=f"call {missing[0].split(':')[1]} on"):
            create(
                EventSourceArn=lab.stream,
                FunctionName=function,
                StartingPosition="TRIM_HORIZON",
                DestinationConfig={"OnFailure": {"Destination": lab.dead_arn}},
            )


def _records(bench: Bench, stream: str, **start: str) -> list[dict[str, Any]]:
    """The records of a stream, all or from a sequence number on, as its own API has them."""
    streams = bench.cloud.client("dynamodbstreams")
    (shard,) = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
    at = {"ShardIteratorType": "TRIM_HORIZON", **start}
    iterator = streams.get_shard_iterator(StreamArn=stream, ShardId=shard["ShardId"], **at)
    return list(streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"])


def test_a_record_is_found_by_its_sequence_number(bench: Bench) -> None:
    lab = _Lab(bench)
    lab.put("a", "b", "c", State="X")
    number = _records(bench, lab.stream)[1]["dynamodb"]["SequenceNumber"]
    found = _records(
        bench, lab.stream, ShardIteratorType="AT_SEQUENCE_NUMBER", SequenceNumber=number
    )
    assert [record["dynamodb"]["Keys"]["Id"]["S"] for record in found] == ["b", "c"]
    assert found[0]["dynamodb"]["NewImage"]["State"] == {"S": "X"}


@contract("stream_permissions")
def test_a_stream_is_read_with_grants_on_it_alone(bench: Bench) -> None:
    (_, stream), (_, other) = _table(bench), _table(bench)
    reads = """
        import boto3
        def handler(event, context):
            streams = boto3.client("dynamodbstreams")
            shards = streams.describe_stream(StreamArn=event)["StreamDescription"]["Shards"]
            iterator = streams.get_shard_iterator(
                StreamArn=event, ShardId=shards[0]["ShardId"], ShardIteratorType="LATEST"
            )
            return streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
        """
    function = bench.function(reads, *((read, stream) for read in _READS))
    assert bench.invoke(function, stream) == []
    assert bench.invoke(function, other)["errorType"] == "ClientError"
