"""Talking to DynamoDB: fresh reads, whole queries, patience."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from handlers.shared.adapters.dynamodb import patiently, plain, query, read, typed, update
from handlers.shared.rules.errors import TableContended

CONFLICT = ClientError({"Error": {"Code": "TransactionConflictException"}}, "UpdateItem")


class Busy:
    """A write that meets another transaction a number of times."""

    def __init__(self, conflicts: int) -> None:
        self.conflicts = conflicts
        self.pauses: list[float] = []

    def __call__(self) -> str:
        if self.conflicts:
            self.conflicts -= 1
            raise CONFLICT
        return "written"


def test_a_row_is_read_with_every_write_that_was_acknowledged() -> None:
    class Recorded:
        def get_item(self, **request: Any) -> Any:
            self.request = request
            return {"Item": {"Id": {"S": "a"}, "Count": {"N": "1"}}}

    client = Recorded()
    assert read(client, "Table", Id="a") == {"Id": "a", "Count": 1}
    key = {"Id": {"S": "a"}}
    assert client.request == {"TableName": "Table", "Key": key, "ConsistentRead": True}


def test_plain_values_survive_the_way_there_and_back() -> None:
    row = {"a": 1, "b": "x", "c": None, "d": True, "e": [{"f": 10**20}, []]}
    assert plain(typed(row)) == row
    assert type(plain(typed(row))["a"]) is int


def test_a_query_goes_through_every_page(dynamodb: Any) -> None:
    for place in range(5):
        row = {"OrderId": "o-1", "ReviewId": str(place)}
        dynamodb.put_item(TableName="ManualReview", Item=typed(row))
    rows = query(
        dynamodb,
        TableName="ManualReview",
        KeyConditionExpression="OrderId = :order",
        ExpressionAttributeValues=typed({":order": "o-1"}),
        PaginationConfig={"PageSize": 2},
    )
    assert [row["ReviewId"] for row in rows] == ["0", "1", "2", "3", "4"]


def test_a_reserved_word_may_name_an_attribute(dynamodb: Any) -> None:
    row = update(dynamodb, "PaymentGateway", {"Id": "a"}, "SET #Status = :s", {":s": 1})
    assert row == {"Id": "a", "Status": 1}


def test_a_failed_condition_changes_nothing_and_is_no_error(dynamodb: Any) -> None:
    key, is_there = {"Id": "a"}, "attribute_exists(#Id)"
    assert update(dynamodb, "PaymentGateway", key, "SET #A = :a", {":a": 1}, is_there) is None
    assert read(dynamodb, "PaymentGateway", Id="a") is None


@pytest.mark.parametrize("conflicts", [0, 1, 4])
def test_a_write_waits_for_other_transactions_longer_each_time(conflicts: int) -> None:
    write = Busy(conflicts)
    assert patiently(write, write.pauses.append) == "written"
    assert len(write.pauses) == conflicts
    assert all(pause <= 0.05 * 2**place for place, pause in enumerate(write.pauses))


def test_patience_ends() -> None:
    write = Busy(99)
    with pytest.raises(TableContended, match="5 times"):
        patiently(write, write.pauses.append)
    assert len(write.pauses) == 5


def test_any_other_error_is_not_waited_out() -> None:
    def denied() -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "UpdateItem")

    pauses: list[float] = []
    with pytest.raises(ClientError):
        patiently(denied, pauses.append)
    assert pauses == []
