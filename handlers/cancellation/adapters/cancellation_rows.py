"""What a cancellation writes: on the order's row, and on the payment session in one transaction."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from handlers.orders.rules.cancel_requests import CAUSE, REASON
from handlers.orders.rules.states import CANCEL_ORDER, CANCELLED, PENDING, PROCESSED
from handlers.shared.adapters.dynamodb import (
    FAILED_CONDITION,
    Row,
    Sleep,
    cancellations,
    patiently,
    typed,
    update,
)
from handlers.shared.rules.clock import Clock, timestamp, utc_now

_UNCLAIMED = "PaymentStatus = :success AND attribute_not_exists(ClaimedAt)"
_CANCELLED_ROW: Mapping[str, Any] = {
    "State": CANCELLED,
    "OrderStatus": "Failed",
    "ShippingStatus": "Unsuccessful",
    "Reason": REASON,
    "Cause": CAUSE,
    "ExecutionArn": CANCEL_ORDER,
    "Waiting": "yes",
}


@dataclass(frozen=True)
class Cancellations:
    """Cancelled orders.

    Attributes:
        client: a DynamoDB client.
        orders: the name of the CustomerOrders table.
        sessions: the name of the CustomerPaymentSession table.
        clock: tells the time that rows carry.
        sleep: waits a number of seconds before a contended write is tried again.
    """

    client: Any
    orders: str
    sessions: str
    clock: Clock = utc_now
    sleep: Sleep = time.sleep

    def request(self, order_id: str) -> Row | None:
        """Asks a PENDING order's machine not to capture; None when it is not PENDING any more.

        Does not change UpdatedAt: the sweeper goes by the row's age.
        """
        return update(
            self.client,
            self.orders,
            {"OrderId": order_id},
            "SET #CancelRequested = :yes",
            {":yes": True, ":pending": PENDING},
            "#State = :pending AND attribute_not_exists(#CartId)",
        )

    def cancel(self, order_id: str) -> bool:
        """Cancels a PROCESSED order that fulfillment has not claimed; False when it is none."""
        actions = [self._session(order_id), self._order(order_id)]
        try:
            patiently(lambda: self.client.transact_write_items(TransactItems=actions), self.sleep)
        except ClientError as error:
            if FAILED_CONDITION not in cancellations(error):
                raise
            return False
        return True

    def _session(self, order_id: str) -> dict[str, Any]:
        """Takes the session out of fulfillment's reach: its claim wants PaymentStatus Success."""
        return {
            "Update": {
                "TableName": self.sessions,
                "Key": typed({"SessionId": order_id}),
                "UpdateExpression": "SET PaymentStatus = :refunded",
                "ConditionExpression": _UNCLAIMED,
                "ExpressionAttributeValues": typed(
                    {":refunded": "Refunded", ":success": "Success"}
                ),
            }
        }

    def _order(self, order_id: str) -> dict[str, Any]:
        """PaymentStatus stays: the money is given back only after this."""
        row = {**_CANCELLED_ROW, "UpdatedAt": timestamp(self.clock())}
        values = {f":{name}": value for name, value in row.items()}
        return {
            "Update": {
                "TableName": self.orders,
                "Key": typed({"OrderId": order_id}),
                "UpdateExpression": (f"SET {', '.join(f'#{name} = :{name}' for name in row)}"),
                "ConditionExpression": "#State = :processed",
                "ExpressionAttributeNames": {f"#{name}": name for name in row},
                "ExpressionAttributeValues": typed({**values, ":processed": PROCESSED}),
            }
        }
