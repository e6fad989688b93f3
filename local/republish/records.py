"""Finding the rows behind a batch of a stream's records that Lambda gave up."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from local.republish.messages import LostBatch
from local.rows import plain

Row = dict[str, Any]

_GONE = ("TrimmedDataAccessException", "ResourceNotFoundException")
_MOST_EMPTY_READS = 100  # a shard may answer with nothing in between; not for ever


class RecordsGone(ValueError):
    """Records that the stream no longer has: it keeps them for 24 hours."""


def keys(streams: Any, batch: LostBatch) -> list[Row]:
    """The keys of the rows that a batch's records changed, each once, in plain JSON.

    Args:
        streams: a DynamoDB Streams client.
        batch: where the records are.

    Raises:
        RecordsGone: the stream has them no longer.
    """
    found: dict[str, Row] = {}
    last = int(batch.last)
    try:
        for record in _records(streams, batch):
            if int(record["dynamodb"]["SequenceNumber"]) > last:
                break
            key = plain(record["dynamodb"]["Keys"])
            found[repr(sorted(key.items()))] = key
    except ClientError as error:
        if error.response["Error"]["Code"] not in _GONE:
            raise
        raise RecordsGone(_gone(batch)) from error
    if not found:
        raise RecordsGone(_gone(batch))
    return list(found.values())


def _records(streams: Any, batch: LostBatch) -> Iterator[Any]:
    """The shard's records from the batch's first on, up to its end."""
    iterator = streams.get_shard_iterator(
        StreamArn=batch.stream,
        ShardId=batch.shard,
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=batch.first,
    )["ShardIterator"]
    empty = 0
    while iterator and empty < _MOST_EMPTY_READS:
        answer = streams.get_records(ShardIterator=iterator)
        yield from answer["Records"]
        empty = 0 if answer["Records"] else empty + 1
        iterator = answer.get("NextShardIterator")


def _gone(batch: LostBatch) -> str:
    return f"the stream no longer has the {batch}; it keeps them for 24 hours"
