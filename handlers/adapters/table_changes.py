"""The records of tables' streams, as changes of rows.

AWS, "Change data capture for DynamoDB Streams" and "Process DynamoDB records with Lambda".
"""

from collections.abc import Mapping
from typing import Any

from handlers.adapters.dynamodb import plain
from handlers.domain.publishing import Change


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
    return Change(
        table=tables[stream.split("/")[1]],
        key=plain(described["Keys"]),
        old=plain(described["OldImage"]) if "OldImage" in described else None,
        new=plain(described["NewImage"]) if "NewImage" in described else None,
    )
