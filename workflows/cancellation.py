"""Recording an order whose customer cancelled it before its record was written.

`CancelRequested` on the PENDING row asks for it. Whoever meets it first stops: CapturePayment,
which reads the row, or RecordOrder, whose condition refuses it. What was held or taken meanwhile
is given back like that of every refusal; the row has `Waiting` until that is done.
"""

from typing import Any

from asl import call, catch
from workflows.expressions import jsonata
from workflows.order_row import order_row, statuses
from workflows.refusal import unrecorded
from workflows.unanswered import CALL

_CAUSE = "the customer cancelled the order"
_UNWANTED = (
    "(#State = :pending AND CancelRequested = :requested)"
    " OR (#State = :cancelled AND ExecutionArn = :execution AND Compensated = :not_yet)"
)
_CANCELLED = {
    "step": "RecordCancellation",
    "reason": "OrderCancelled",
    "cause": _CAUSE,
    "review": False,
}


def record_cancellation(orders: str) -> dict[str, Any]:
    """The state that makes an order CANCELLED if its customer asked for it, else refuses it."""
    row = order_row(
        "CANCELLED",
        **statuses("Failed", "Unsuccessful", "Unsuccessful"),
        Reason={"S": _CANCELLED["reason"]},
        Cause={"S": _CAUSE},
        Compensated={"BOOL": False},
        Waiting={"S": "yes"},
    )
    return {
        "RecordCancellation": call(
            "dynamodb:putItem",
            {
                "TableName": orders,
                "Item": row,
                "ConditionExpression": _UNWANTED,
                "ExpressionAttributeNames": {"#State": "State"},
                "ExpressionAttributeValues": {
                    ":pending": {"S": "PENDING"},
                    ":requested": {"BOOL": True},
                    ":cancelled": {"S": "CANCELLED"},
                    ":execution": {"S": jsonata("$states.context.Execution.Id")},
                    ":not_yet": {"BOOL": False},
                },
            },
            retry_on=CALL,
            Assign={"refusal": _CANCELLED},
            Catch=[
                catch(["DynamoDB.ConditionalCheckFailedException"], "RecordRefusal"),
                unrecorded(
                    "RecordCancellation",
                    "the cancellation could not be recorded",
                    "ProcessingError",
                ),
            ],
            Next="CompensateOrder",
        ),
    }
