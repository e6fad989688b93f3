"""The ManualReview table as a person on call needs it: what is open, and settling it.

A review is settled by columns, never deleted: a late write would bring its row back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from handlers.shared.rules.clock import timestamp, utc_now
from local.rows import plain, typed

Row = dict[str, Any]

_OPEN = "OpenReviews"


@dataclass(frozen=True)
class Reviews:
    """Reviews by order.

    Attributes:
        client: a DynamoDB client.
        table: the physical name of the ManualReview table.
    """

    client: Any
    table: str

    def open(self) -> list[Row]:
        """Every open review, the one that has waited longest first."""
        return sorted(self._read("scan", IndexName=_OPEN), key=_waiting_since)

    def all(self) -> list[Row]:
        """Every review, settled ones too, oldest first."""
        return sorted(self._read("scan", ConsistentRead=True), key=_waiting_since)

    def of_order(self, order_id: str) -> list[Row]:
        """An order's reviews, settled ones too."""
        return list(
            self._read(
                "query",
                KeyConditionExpression="OrderId = :order",
                ExpressionAttributeValues=typed({":order": order_id}),
                ConsistentRead=True,
            )
        )

    def settle(self, review: Row, by: str) -> Row:
        """Settle a review; one that was settled before stays as it is. Returns its row."""
        key = typed({name: review[name] for name in ("OrderId", "ReviewId")})
        try:
            written = self.client.update_item(
                TableName=self.table,
                Key=key,
                UpdateExpression="SET SettledAt = :now, SettledBy = :by REMOVE OpenSince",
                ConditionExpression="attribute_exists(OrderId) AND attribute_not_exists(SettledAt)",
                ExpressionAttributeValues=typed({":now": timestamp(utc_now()), ":by": by}),
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            found = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True)
            return plain(found.get("Item", {}))
        return plain(written["Attributes"])

    def _read(self, operation: str, **asked: Any) -> Iterator[Row]:
        paginator = self.client.get_paginator(operation)
        for page in paginator.paginate(TableName=self.table, **asked):
            yield from map(plain, page["Items"])


def is_open(review: Row) -> bool:
    """True if nobody has settled it."""
    return "SettledAt" not in review


def _waiting_since(review: Row) -> tuple[str, str]:
    since = review.get("OpenSince") or review.get("CreatedAt") or ""
    return str(since), str(review["OrderId"])
