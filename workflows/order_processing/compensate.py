"""Compensating a refused order by its id: its payment first, then its stock, then the row says so.

The stock is released only after a void that answered: money that may still be taken keeps its
stock. A step that fails for good ends the execution, and the reconciler goes on where it stopped.

The states expect the variables `$order`, `$valid`, whether it has the right form, and `$refusal`,
and leave `$voided`: how the payment came back.
"""

from typing import Any

from asl import call, catch, invoke
from workflows.order_processing.described_order import KNOWN
from workflows.shared.expressions import jsonata
from workflows.shared.retries import FUNCTION, TIMEOUT

_SET = (
    "SET ClosedAt = :now, ClosedBy = :execution, PaymentStatus = :payment,"
    " ShippingStatus = :unsuccessful, UpdatedAt = :now"
)
_VALUES = (
    "{':now': {'S': $now()}, ':execution': {'S': $states.context.Execution.Id},"
    " ':payment': {'S': $voided = 'REFUNDED' ? 'Refunded' : 'Unsuccessful'},"
    " ':unsuccessful': {'S': 'Unsuccessful'},"
    " ':failed': {'S': 'FAILED'}, ':cancelled': {'S': 'CANCELLED'}}"
)
_TO_FAIL = catch(["States.ALL"], "RejectOrder")
_ORDER = {"orderId": jsonata("$order.orderId")}


def compensate(void_payment: str, release_stock: str) -> dict[str, Any]:
    """The states that void or refund the payment, then release the stock."""
    return {
        "VoidPayment": invoke(
            void_payment,
            _ORDER,
            retry_on=FUNCTION,
            Assign={"voided": jsonata("$states.result.Payload.result")},
            Catch=[_TO_FAIL],
            Next="ReleaseStock",
        ),
        "ReleaseStock": invoke(
            release_stock, _ORDER, retry_on=FUNCTION, Catch=[_TO_FAIL], Next="NeedsReview"
        ),
    }


def close(orders: str) -> dict[str, Any]:
    """The state that notes that everything is undone, and by whom; the first one stays.

    Only now is the order described as far as it is known: whoever compensates needs its id alone.
    """
    return {
        "CloseOrder": call(
            "dynamodb:updateItem",
            {
                "TableName": orders,
                "Key": {"OrderId": {"S": jsonata("$order.orderId")}},
                "UpdateExpression": jsonata(
                    f"($known := {KNOWN}; '{_SET}' & $join($keys($known)."
                    "(', #' & $ & ' = if_not_exists(#' & $ & ', :' & $ & ')')) & ' REMOVE Waiting')"
                ),
                "ConditionExpression": (
                    "#State IN (:failed, :cancelled) AND attribute_not_exists(ClosedAt)"
                ),
                "ExpressionAttributeNames": jsonata(
                    f"($known := {KNOWN}; $merge([{{'#State': 'State'}},"
                    " $each($known, function($value, $name) {{'#' & $name: $name}})]))"
                ),
                "ExpressionAttributeValues": jsonata(
                    f"($known := {KNOWN}; $merge([{_VALUES},"
                    " $each($known, function($value, $name) {{':' & $name: $value}})]))"
                ),
            },
            retry_on=TIMEOUT,
            Catch=[catch(["DynamoDB.ConditionalCheckFailedException"], "ReadOrder"), _TO_FAIL],
            Next="RejectOrder",
        )
    }
