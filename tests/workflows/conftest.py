"""The tables that machines write, in this process."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

REGION = "us-east-1"
TABLES = {
    "CustomerOrders": ("OrderId",),
    "CustomerPaymentSession": ("SessionId",),
    "Inventory": ("ProductId",),
    "Reservations": ("OrderId",),
    "ManualReview": ("OrderId", "ReviewId"),
    "Carts": ("CartId",),
}
INDEXES = {
    "CustomerOrders": {
        "CustomerOrderHistory": ("CustomerId", "CreatedAt"),
        "WaitingOrders": ("Waiting", "UpdatedAt"),
    },
    "ManualReview": {"OpenReviews": ("OrderId", "OpenSince")},
}


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """A client of DynamoDB with the tables that machines write."""
    with mock_aws():
        made = boto3.client(
            "dynamodb", REGION, aws_access_key_id="none", aws_secret_access_key="none"
        )
        for table, keys in TABLES.items():
            _create(made, table, keys)
        yield made


@pytest.fixture
def dynamodb(client: Any) -> Any:
    """The same client, its tables empty."""
    for table in get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][REGION].tables.values():
        table.items.clear()
    return client


def _create(client: Any, table: str, keys: tuple[str, ...]) -> None:
    indexes = INDEXES.get(table, {})
    columns = dict.fromkeys([*keys, *(column for index in indexes.values() for column in index)])
    projected = [
        {"IndexName": name, "KeySchema": _schema(index), "Projection": {"ProjectionType": "ALL"}}
        for name, index in indexes.items()
    ]
    client.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_schema(keys),
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in columns],
        **({"GlobalSecondaryIndexes": projected} if projected else {}),
    )


def _schema(keys: tuple[str, ...]) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, kinds, strict=False)]
