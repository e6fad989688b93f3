"""The messages of the queue `unpublished-outcomes`: which rows' changes could not be published.

There are two forms. The publishing function itself writes a row's table and key; where the
function died, Lambda writes where in the stream the records are (AWS's "Retaining discarded
batches for a DynamoDB event source in Lambda").
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TABLES = ("CustomerOrders", "ManualReview")
"""The tables from whose changes events are published."""

_BATCH = "DDBStreamBatchInfo"
_WHERE = ("streamArn", "shardId", "startSequenceNumber", "endSequenceNumber")


class BadMessage(ValueError):
    """A message of neither form; one sentence says what is missing."""


@dataclass(frozen=True)
class ChangedRow:
    """A row by its table's name in this project and its key in plain JSON."""

    table: str
    key: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.table} {' '.join(map(str, self.key.values()))}"


@dataclass(frozen=True)
class LostBatch:
    """Records of a stream, by where they begin and end.

    Attributes:
        stream: the stream's ARN.
        shard: the shard's id.
        first: the lowest sequence number.
        last: the highest.
        arrived: when the first came, in ISO 8601, as Lambda says it.
    """

    stream: str
    shard: str
    first: str
    last: str
    arrived: str

    @property
    def physical_table(self) -> str:
        """The name of the stream's table: `arn:aws:dynamodb:R:A:table/NAME/stream/LABEL`."""
        return self.stream.partition(":table/")[2].partition("/")[0]

    def __str__(self) -> str:
        return (
            f"records {self.first} to {self.last} of {self.shard} in {self.stream},"
            f" which arrived at {self.arrived}"
        )


def parse(body: str) -> ChangedRow | LostBatch:
    """Read what a message names.

    Raises:
        BadMessage: it is of neither form.
    """
    try:
        document = json.loads(body)
    except ValueError as error:
        raise BadMessage("the message is no JSON") from error
    if not isinstance(document, dict):
        raise BadMessage("the message is no JSON object")
    return _batch(document[_BATCH]) if _BATCH in document else _row(document)


def _row(document: Mapping[str, Any]) -> ChangedRow:
    table, key = document.get("table"), document.get("key")
    if table not in TABLES:
        raise BadMessage(f"the message's table is {table!r}, and none of {', '.join(TABLES)}")
    if not isinstance(key, dict) or not key:
        raise BadMessage("the message has no key")
    return ChangedRow(table, key)


def _batch(info: Any) -> LostBatch:
    given = info if isinstance(info, dict) else {}
    missing = [name for name in _WHERE if not given.get(name)]
    if missing:
        raise BadMessage(f"the message's {_BATCH} has no {', '.join(missing)}")
    stream, shard, first, last = (str(given[name]) for name in _WHERE)
    if not (first.isdecimal() and last.isdecimal()):
        raise BadMessage(f"the message's {_BATCH} has sequence numbers that are none")
    arrived = given.get("approximateArrivalOfFirstRecord", "a time that is not said")
    return LostBatch(stream, shard, first, last, str(arrived))
