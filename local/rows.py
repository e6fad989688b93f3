"""DynamoDB items as plain JSON, and back."""

from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

_read = TypeDeserializer()
_write = TypeSerializer()


def plain(item: dict[str, Any]) -> dict[str, Any]:
    """An item in DynamoDB's typed JSON as plain JSON; whole numbers as int."""
    return {name: _plain(_read.deserialize(value)) for name, value in item.items()}


def typed(row: dict[str, Any]) -> dict[str, Any]:
    """Plain JSON as an item in DynamoDB's typed JSON."""
    return {name: _write.serialize(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | set):
        return [_plain(inner) for inner in value]
    return value
