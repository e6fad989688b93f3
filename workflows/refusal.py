"""What every machine does with an order that it refuses.

The final state is written first, by a conditional write that only one execution can win and that
keeps out a PROCESSED that lands late. Only then is the payment voided and the stock released
(`compensation`), so an order whose record stands is never compensated; only then is anyone told
(`rejection`). A crash in between leaves a FAILED row that is not yet Compensated, which the
reconciler finishes.

The states expect the variables `$order` and `$refusal`: `{step, reason, cause, review}`, where
`review` says that something technical went wrong in `step`, so that a human must look.
"""

from typing import Any

from asl import call, catch
from workflows.expressions import jsonata
from workflows.order_row import order_row
from workflows.unanswered import CALL

_UNDECIDED = (
    "attribute_not_exists(OrderId) OR #State = :pending"
    " OR (#State = :failed AND ExecutionArn = :execution AND Compensated = :not_yet)"
)
_KEY = {"OrderId": {"S": jsonata("$order.orderId")}}


def _unrecorded(step: str, cause: str) -> dict[str, Any]:
    """Leaves an order of which nobody knows how it stands to the reconciler, with its reason."""
    why = {"step": step, "reason": "ProcessingError", "cause": cause, "review": True}
    return catch(["States.ALL"], "ReportUnrecorded", Assign={"refusal": why})


def record_refusal(orders: str) -> dict[str, Any]:
    """The states that make an order FAILED, unless it is final already and stands."""
    return {
        "RecordRefusal": call(
            "dynamodb:putItem",
            {
                "TableName": orders,
                "Item": order_row(
                    "FAILED",
                    Reason={"S": jsonata("$refusal.reason")},
                    Cause={"S": jsonata("$refusal.cause")},
                    Compensated={"BOOL": False},
                ),
                "ConditionExpression": _UNDECIDED,
                "ExpressionAttributeNames": {"#State": "State"},
                "ExpressionAttributeValues": {
                    ":pending": {"S": "PENDING"},
                    ":failed": {"S": "FAILED"},
                    ":execution": {"S": jsonata("$states.context.Execution.Id")},
                    ":not_yet": {"BOOL": False},
                },
            },
            retry_on=CALL,
            Catch=[
                catch(["DynamoDB.ConditionalCheckFailedException"], "ReadOrder"),
                _unrecorded("RecordRefusal", "the refusal could not be recorded"),
            ],
            Next="CompensateOrder",
        ),
        "ReadOrder": call(
            "dynamodb:getItem",
            {"TableName": orders, "Key": _KEY, "ConsistentRead": True},
            retry_on=CALL,
            Output={"state": jsonata("$states.result.Item.State.S")},
            Catch=[_unrecorded("ReadOrder", "the order could not be read; it may stand")],
            Next="DoesOrderStand",
        ),
        "DoesOrderStand": {
            "Type": "Choice",
            "Choices": [
                {
                    "Condition": jsonata("$states.input.state in ['PROCESSED', 'FULFILLED']"),
                    "Next": "PublishOrderProcessed",
                }
            ],
            "Default": "CompensateOrder",
        },
    }
