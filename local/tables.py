"""Reading and writing rows of the stack's tables, as plain JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local.rows import plain, typed
from local.stack import Stack

_MOST_READ = 100  # keys of a BatchGetItem
_MOST_WRITTEN = 25  # rows of a BatchWriteItem


def row(stack: Stack, table: str, key: Mapping[str, str]) -> dict[str, Any] | None:
    """The row of a table with this key, or None."""
    answer = stack.cloud.client("dynamodb").get_item(
        TableName=stack.table(table), Key=typed(dict(key)), ConsistentRead=True
    )
    return plain(answer["Item"]) if "Item" in answer else None


def rows(stack: Stack, table: str, keys: Sequence[Mapping[str, str]]) -> Iterator[dict[str, Any]]:
    """The rows of a table with these keys, in any order, as far as there are such rows."""
    for some in _batches(keys, _MOST_READ):
        asked = {"Keys": [typed(dict(key)) for key in some], "ConsistentRead": True}
        name = stack.table(table)
        answer = stack.cloud.client("dynamodb").batch_get_item(RequestItems={name: asked})
        yield from map(plain, answer["Responses"][name])


def put(stack: Stack, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows, each as a whole."""
    for some in _batches(rows, _MOST_WRITTEN):
        puts = [{"PutRequest": {"Item": typed(dict(row))}} for row in some]
        stack.cloud.client("dynamodb").batch_write_item(RequestItems={stack.table(table): puts})


def _batches(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for first in range(0, len(values), size):
        yield values[first : first + size]
