"""The ManualReview table: what a human must look at, and what was done about it so far.

A row is created once and never deleted; `OpenSince` is there until it is settled. Its event is
published from the row's creation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from handlers.orders.rules.reviews import Review
from handlers.shared.adapters.dynamodb import CONDITION_FAILED, Row, code, query, typed, update
from handlers.shared.rules.clock import Clock, timestamp, utc_now


@dataclass(frozen=True)
class Reviews:
    """Reviews by order, step and execution.

    Attributes:
        client: a DynamoDB client.
        table: the name of the ManualReview table.
        clock: tells the time that rows carry.
    """

    client: Any
    table: str
    clock: Clock = utc_now

    def open(self, review: Review) -> None:
        """Opens a review; one that is there stays as it is, settled or not."""
        try:
            self.client.put_item(
                TableName=self.table,
                Item=typed(self._row(review)),
                ConditionExpression="attribute_not_exists(OrderId)",
            )
        except ClientError as error:
            if code(error) != CONDITION_FAILED:
                raise

    def has_one(self, order_id: str, execution: str) -> bool:
        """Whether there is a review of an order about an execution, at whichever step."""
        found = self._of(order_id, "ExecutionArn = :execution", {":execution": execution})
        return next(found, None) is not None

    def note_done(self, order_id: str, done: str) -> None:
        """Notes what has been done on an order's reviews that say nothing of it yet."""
        for row in self._of(order_id, "Done = :nothing", {":nothing": ""}):
            update(
                self.client,
                self.table,
                {"OrderId": order_id, "ReviewId": row["ReviewId"]},
                "SET #Done = :done",
                {":done": done, ":nothing": ""},
                "#Done = :nothing",
            )

    def _of(self, order_id: str, which: str, values: Row) -> Iterator[Row]:
        """An order's reviews for which an expression holds, as they stand."""
        return query(
            self.client,
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="OrderId = :order",
            FilterExpression=which,
            ExpressionAttributeValues=typed({":order": order_id, **values}),
        )

    def _row(self, review: Review) -> Row:
        now = timestamp(self.clock())
        customer = {} if review.customer_id is None else {"CustomerId": review.customer_id}
        return {
            "OrderId": review.order_id,
            "ReviewId": review.id,
            "Step": review.step,
            "ExecutionArn": review.execution,
            "Reason": review.reason,
            "Cause": review.cause,
            "Done": review.done,
            "ToDo": review.to_do,
            "CreatedAt": now,
            "OpenSince": now,
            **customer,
        }
