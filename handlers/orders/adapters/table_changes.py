"""The records of tables' streams, as changes of rows.

AWS, "Change data capture for DynamoDB Streams" and "Process DynamoDB records with Lambda".
"""

from collections.abc import Mapping
from typing import Any

from handlers.orders.rules.publisher import Change
from handlers.shared.adapters.dynamodb import Row, plain


def change(record: Mapping[str, Any], tables: Mapping[str, str]) -> Change:
    """The change that a stream's record describes.

    Args:
        record: as Lambda brings it, with old and new images.
        tables: the name in this project of each table, by its physical name.

    Raises:
        KeyError: the record is of another table.
    """
    stream: str = record["eventSourceARN"]
    described = record["dynamodb"]
    table, key = tables[stream.split("/")[1]], plain(described["Keys"])
    try:
        return Change(table, key, _row(described, "OldImage"), _row(described, "NewImage"))
    except Exception as error:  # a column that nobody here writes, such as one of bytes
        return Change(table, key, None, None, error)


def _row(described: Mapping[str, Any], image: str) -> Row | None:
    return plain(described[image]) if image in described else None
