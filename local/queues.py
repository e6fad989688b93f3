"""Taking messages off a queue, as whoever it is for would."""

from collections.abc import Iterator
from typing import Any

_BATCH = 10


def take(sqs: Any, url: str) -> Iterator[str]:
    """The bodies of the messages in a queue, which holds none of them afterwards."""
    while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=_BATCH).get("Messages"):
        handles = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
            for number, message in enumerate(batch)
        ]
        sqs.delete_message_batch(QueueUrl=url, Entries=handles)
        yield from (str(message["Body"]) for message in batch)
