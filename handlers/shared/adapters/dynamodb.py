"""DynamoDB's typed JSON, its cancelled transactions, and patience with other writers."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from random import SystemRandom
from typing import Any, TypeVar

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from handlers.shared.rules.errors import TableContended

Row = dict[str, Any]
Sleep = Callable[[float], None]
T = TypeVar("T")

CONDITION_FAILED = "ConditionalCheckFailedException"
FAILED_CONDITION = "ConditionalCheckFailed"

_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
_RANDOM = SystemRandom()
_NAME = re.compile(r"#(\w+)")
_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as DynamoDB's typed JSON: `{"N": "1"}` for 1."""
    return {name: _serialize(value) for name, value in values.items()}


def plain(item: Mapping[str, Any]) -> Row:
    """An item as plain values; every number in these tables is an integer."""
    return {name: _integers(_deserialize(value)) for name, value in item.items()}


def _integers(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value)
    if isinstance(value, dict):
        return {name: _integers(part) for name, part in value.items()}
    return [_integers(part) for part in value] if isinstance(value, list) else value


def read(client: Any, table: str, **key: str) -> Row | None:
    """The row as it stands now, with every write that was acknowledged; None if there is none."""
    answer = client.get_item(TableName=table, Key=typed(key), ConsistentRead=True)
    return plain(answer["Item"]) if "Item" in answer else None


def update(
    client: Any,
    table: str,
    key: Mapping[str, str],
    expression: str,
    values: Mapping[str, Any],
    condition: str | None = None,
) -> Row | None:
    """Changes a row and returns it as it then stands; None when the condition failed.

    Attributes are written `#Name` in both expressions, so that none clashes with a reserved word.
    """
    names = sorted(set(_NAME.findall(f"{expression} {condition}")))
    request = {
        "TableName": table,
        "Key": typed(key),
        "UpdateExpression": expression,
        "ExpressionAttributeNames": {f"#{name}": name for name in names},
        "ExpressionAttributeValues": typed(values),
        "ReturnValues": "ALL_NEW",
        **({"ConditionExpression": condition} if condition else {}),
    }
    try:
        return plain(patiently(lambda: client.update_item(**request))["Attributes"])
    except ClientError as error:
        if code(error) != CONDITION_FAILED:
            raise
        return None


def query(client: Any, **request: Any) -> Iterator[Row]:
    """Every row of a query, page after page."""
    for page in client.get_paginator("query").paginate(**request):
        yield from (plain(item) for item in page["Items"])


def code(error: ClientError) -> str:
    """The name that DynamoDB gave an error."""
    return str(error.response["Error"]["Code"])


def cancellations(error: ClientError) -> list[str]:
    """The reason codes of a cancelled transaction, one for each of its actions, in order."""
    return [str(reason["Code"]) for reason in error.response.get("CancellationReasons", ())]


def is_contended(error: ClientError) -> bool:
    """Whether other writers were in the way, so that the same write may succeed the next time.

    A condition that failed beside a conflict says nothing yet: actions are judged one by one, and
    the other writer may be half-way.
    """
    passing = bool(_PASSING & set(cancellations(error)))
    return passing or code(error) == "TransactionConflictException"


def patiently(write: Callable[[], T], sleep: Sleep = time.sleep) -> T:
    """Writes, and writes again after a random pause while other writers are in the way.

    DynamoDB's own client retries throttling, but no conflict with another transaction.

    Raises:
        TableContended: the last attempt met other writers too.
        ClientError: any other error, a failed condition among them.
    """
    for pause in _PAUSES:
        try:
            return write()
        except ClientError as error:
            if not is_contended(error):
                raise
        sleep(_RANDOM.uniform(0, pause))
    raise TableContended(f"other writers were in the way {len(_PAUSES)} times; try again later")


def create(table: str, row: Row, key: str = "OrderId") -> dict[str, Any]:
    """Puts a row that must be new."""
    condition = f"attribute_not_exists({key})"
    return {"Put": {"TableName": table, "Item": typed(row), "ConditionExpression": condition}}
