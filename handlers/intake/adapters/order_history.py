"""A customer's orders by time: the index CustomerOrderHistory of the CustomerOrders table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.shared.adapters.dynamodb import Row, plain, typed


@dataclass(frozen=True)
class OrderHistory:
    """Orders by customer.

    Attributes:
        client: a DynamoDB client.
        table: the name of the CustomerOrders table.
    """

    client: Any
    table: str

    def history(
        self, customer_id: str, limit: int, after: Mapping[str, Any] | None
    ) -> tuple[list[Row], Mapping[str, Any] | None]:
        """Some of a customer's orders, the newest first; an order of this second may be missing.

        Args:
            customer_id: the customer.
            limit: how many rows at most.
            after: where the last page ended; None for the first.

        Returns:
            The rows, and where this page ended; None when it was the last.
        """
        answer = self.client.query(
            TableName=self.table,
            IndexName="CustomerOrderHistory",
            KeyConditionExpression="CustomerId = :customer",
            ExpressionAttributeValues=typed({":customer": customer_id}),
            ScanIndexForward=False,
            Limit=limit,
            **({"ExclusiveStartKey": typed(after)} if after else {}),
        )
        position = answer.get("LastEvaluatedKey")
        return [plain(item) for item in answer["Items"]], plain(position) if position else None
