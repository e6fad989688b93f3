"""FIFO queues keep order and drop repeats; tests marked so are the contract of one mend."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.bench import Bench, until
from tests.emulator.contracts import contract

_NO_ID = "can only include alphanumeric and punctuation characters. 1 to 128 in length"


def _fifo(bench: Bench, **attributes: str) -> tuple[str, str]:
    """The URL and ARN of a FIFO queue."""
    sqs, name = bench.cloud.client("sqs"), bench.name("queue")
    created = sqs.create_queue(
        QueueName=f"{name}.fifo", Attributes={"FifoQueue": "true", **attributes}
    )
    return created["QueueUrl"], f"arn:aws:sqs:us-east-1:000000000000:{name}.fifo"


def _redrive(arn: str) -> str:
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "1"})


def _send(bench: Bench, url: str, body: str, group: str, **fields: Any) -> dict[str, Any]:
    given = {"MessageDeduplicationId": body, **fields}
    sent = bench.cloud.client("sqs").send_message(
        QueueUrl=url, MessageBody=body, MessageGroupId=group, **given
    )
    return dict(sent)


def _receive(bench: Bench, url: str, most: int = 10) -> list[dict[str, Any]]:
    answer = bench.cloud.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=most, AttributeNames=["All"]
    )
    return list(answer.get("Messages", []))


_SENDS_A_BATCH = """
    import boto3

    def handler(event, context):
        entries = [{"Id": str(number), "MessageBody": "it"} for number in range(2)]
        sent = boto3.client("sqs").send_message_batch(QueueUrl=event, Entries=entries)
        return len(sent["Successful"])
"""


@contract("message_batches")
def test_who_may_send_a_message_may_send_a_batch_of_them(bench: Bench) -> None:
    name = bench.name("queue")
    url = bench.cloud.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    queue = f"arn:aws:sqs:us-east-1:000000000000:{name}"

    assert bench.invoke(bench.function(_SENDS_A_BATCH, ("sqs:SendMessage", queue)), url) == 2


def test_who_may_not_send_may_send_no_batch(bench: Bench) -> None:
    name = bench.name("queue")
    url = bench.cloud.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    other = f"arn:aws:sqs:us-east-1:000000000000:{name}-other"
    refused = bench.invoke(bench.function(_SENDS_A_BATCH, ("sqs:SendMessage", other)), url)

    assert "AccessDenied" in refused["errorMessage"]


def _bodies(messages: list[dict[str, Any]]) -> list[str]:
    return [message["Body"] for message in messages]


def test_a_group_is_delivered_in_order_and_waits_for_what_is_in_flight(bench: Bench) -> None:
    url, _ = _fifo(bench)
    for body in ("ship-1", "cancel-1", "ship-2"):
        _send(bench, url, body, "order-1#eu")
    _send(bench, url, "other", "order-2#eu")
    (first,) = _receive(bench, url, most=1)
    assert (first["Body"], first["Attributes"]["MessageGroupId"]) == ("ship-1", "order-1#eu")
    assert _bodies(_receive(bench, url)) == ["other"], "the other group does not wait"
    bench.cloud.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    assert _bodies(_receive(bench, url)) == ["cancel-1", "ship-2"]


def test_a_repeat_is_dropped_even_after_the_first_was_handled(bench: Bench) -> None:
    url, _ = _fifo(bench)
    first = _send(bench, url, "ship-1", "order-1")
    assert _send(bench, url, "ship-1", "order-1")["SequenceNumber"] == first["SequenceNumber"]
    (message,) = _receive(bench, url)
    bench.cloud.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    _send(bench, url, "another body", "order-1", MessageDeduplicationId="ship-1")
    assert _receive(bench, url) == []


def test_content_may_decide_what_is_a_repeat(bench: Bench) -> None:
    url, _ = _fifo(bench, ContentBasedDeduplication="true")
    sqs = bench.cloud.client("sqs")
    for body in ("same", "same", "other"):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    assert _bodies(_receive(bench, url)) == ["same", "other"]


def test_a_message_needs_a_group_and_an_id(bench: Bench) -> None:
    url, _ = _fifo(bench)
    sqs = bench.cloud.client("sqs")
    with pytest.raises(ClientError, match="must contain the parameter MessageGroupId"):
        sqs.send_message(QueueUrl=url, MessageBody="x", MessageDeduplicationId="1")
    with pytest.raises(ClientError, match="MessageDeduplicationId provided explicitly"):
        sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="1")


@contract("queue_checks")
def test_a_group_or_id_that_is_too_long_or_has_blanks_is_refused(bench: Bench) -> None:
    url, _ = _fifo(bench)
    for wrong in ("g" * 129, "a b", "ü"):
        with pytest.raises(ClientError, match=f"MessageGroupId {_NO_ID}"):
            _send(bench, url, "ship", wrong)
        with pytest.raises(ClientError, match=f"MessageDeduplicationId {_NO_ID}"):
            _send(bench, url, "ship", "g", MessageDeduplicationId=wrong)
    _send(bench, url, "ship", "g" * 128)


@contract("queue_checks")
def test_a_refused_message_of_a_batch_is_told_beside_the_sent_ones(bench: Bench) -> None:
    url, _ = _fifo(bench)
    entries = [
        {"Id": group[0], "MessageBody": group, "MessageGroupId": group} for group in ("a b", "good")
    ]
    answer = bench.cloud.client("sqs").send_message_batch(
        QueueUrl=url, Entries=[{**entry, "MessageDeduplicationId": "1"} for entry in entries]
    )
    assert [entry["Id"] for entry in answer["Failed"]] == ["a"]
    assert [entry["Id"] for entry in answer["Successful"]] == ["g"]


@contract("queue_checks")
def test_dead_letters_of_a_fifo_queue_go_to_a_fifo_queue(bench: Bench) -> None:
    (url, fifo), (plain_url, plain) = _fifo(bench), bench.queue()
    sqs, kind = bench.cloud.client("sqs"), "must be same type of queue as the source"
    for queue, dead in ((url, plain), (plain_url, fifo)):
        with pytest.raises(ClientError, match=kind):
            sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": _redrive(dead)})
    with pytest.raises(ClientError, match=kind):
        _fifo(bench, RedrivePolicy=_redrive(plain))
    with pytest.raises(ClientError, match="RedrivePolicy"):
        _fifo(bench, RedrivePolicy=_redrive(fifo.replace("queue-", "no-queue-")))


@contract("queue_checks")
def test_only_a_fifo_queue_may_be_called_one(bench: Bench) -> None:
    sqs = bench.cloud.client("sqs")
    with pytest.raises(ClientError, match="1 to 80 in length"):
        sqs.create_queue(QueueName="orders.fifo")
    with pytest.raises(ClientError, match="Unknown Attribute FifoQueue"):
        sqs.create_queue(QueueName="orders", Attributes={"FifoQueue": "false"})
    with pytest.raises(ClientError, match=r"must end with \.fifo"):
        sqs.create_queue(QueueName="orders", Attributes={"FifoQueue": "true"})


def test_dead_letters_keep_their_group_and_are_moved_back_in_order(bench: Bench) -> None:
    dead_url, dead = _fifo(bench)
    url, _ = _fifo(bench, VisibilityTimeout="0", RedrivePolicy=_redrive(dead))
    for body in ("ship-1", "cancel-1"):
        _send(bench, url, body, "order-1")
    sqs, found = bench.cloud.client("sqs"), list[dict[str, Any]]()

    def buried() -> bool:
        _receive(bench, url)
        found.extend(_receive(bench, dead_url))
        return len(found) == 2

    sqs.set_queue_attributes(QueueUrl=dead_url, Attributes={"VisibilityTimeout": "0"})
    until(buried)
    assert [message["Attributes"]["MessageGroupId"] for message in found] == ["order-1"] * 2
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "30"})
    sqs.start_message_move_task(SourceArn=dead)
    assert _bodies(_receive(bench, url)) == ["ship-1", "cancel-1"]


_READS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def test_a_function_gets_a_group_in_order(bench: Bench) -> None:
    (url, arn), (told_url, told) = _fifo(bench, VisibilityTimeout="10"), bench.queue()
    function = bench.function(
        f"""
        import boto3
        sqs = boto3.client("sqs")
        def handler(event, context):
            for record in event["Records"]:
                sqs.send_message(QueueUrl="{told_url}", MessageBody=record["body"])
        """,
        *[(read, arn) for read in _READS],
        ("sqs:SendMessage", told),
    )
    bench.cloud.client("lambda").create_event_source_mapping(
        EventSourceArn=arn,
        FunctionName=function,
        BatchSize=2,
        ScalingConfig={"MaximumConcurrency": 2},
    )
    wanted = [str(number) for number in range(7)]
    for body in wanted:
        _send(bench, url, body, "order-1")
    bodies = list[str]()
    while more := bench.received(told_url, seconds=2):
        bodies += more
    assert bodies == wanted


def test_a_queue_is_busy_until_its_last_message_is_deleted(bench: Bench) -> None:
    sqs = bench.cloud.client("sqs")
    urls = [sqs.create_queue(QueueName=bench.name("queue"))["QueueUrl"] for _ in range(2)]
    seen = [bench.cloud.busy(urls)]
    sqs.send_message(QueueUrl=urls[1], MessageBody="one", DelaySeconds=1)
    seen.append(bench.cloud.busy(urls))
    (message,) = sqs.receive_message(QueueUrl=urls[1], WaitTimeSeconds=3)["Messages"]
    seen.append(bench.cloud.busy(urls))
    sqs.delete_message(QueueUrl=urls[1], ReceiptHandle=message["ReceiptHandle"])
    assert [*seen, bench.cloud.busy(urls)] == [[], [urls[1]], [urls[1]], []]


def test_a_queue_that_is_not_there_is_neither_busy_nor_idle(bench: Bench) -> None:
    with pytest.raises(ValueError, match="no queue"):
        bench.cloud.busy(["http://127.0.0.1/nowhere"])
