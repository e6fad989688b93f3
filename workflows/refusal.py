"""What every machine does with an order that it refuses.

The final state is written first, by a conditional write that only one execution can win and that
keeps out a PROCESSED that lands late. Only then is the payment voided and the stock released, so
an order whose record stands is never compensated. A crash in between leaves a FAILED row that is
not yet Compensated, which the reconciler finishes.

The states expect the variables `$order` and `$refusal`: `{step, reason, cause, review}`, where
`review` says that something technical went wrong in `step`, so that a human must look.
"""

from typing import Any

from asl import call, catch, invoke
from workflows.events import publish
from workflows.expressions import jsonata
from workflows.order_row import order_row

_UNDECIDED = (
    "attribute_not_exists(OrderId) OR #State = :pending"
    " OR (#State = :failed AND ExecutionArn = :execution AND Compensated = :not_yet)"
)
_REVIEW = {
    "reason": jsonata("$refusal.reason"),
    "cause": jsonata("$refusal.cause"),
    "uncompensated": jsonata("$uncompensated"),
}
_KEY = {"OrderId": {"S": jsonata("$order.orderId")}}


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
            Catch=[
                catch(["DynamoDB.ConditionalCheckFailedException"], "ReadOrder"),
                catch(["States.ALL"], "ReportUnrecorded"),
            ],
            Next="CompensateOrder",
        ),
        "ReadOrder": call(
            "dynamodb:getItem",
            {"TableName": orders, "Key": _KEY, "ConsistentRead": True},
            retry_on=["States.Timeout"],
            Output={"state": jsonata("$states.result.Item.State.S")},
            Catch=[catch(["States.ALL"], "ReportUnrecorded")],
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


def _undo(step: str, function: str, failed: str) -> dict[str, Any]:
    return {
        "StartAt": step,
        "States": {
            step: invoke(
                function,
                {"orderId": jsonata("$order.orderId")},
                retry_on=["PaymentGatewayUnavailable"],
                Output={"step": step, "done": True},
                Catch=[catch(["States.ALL"], failed, Output={"step": step, "done": False})],
                End=True,
            ),
            failed: {"Type": "Pass", "End": True},
        },
    }


def compensate(orders: str, void_payment: str, release_stock: str) -> dict[str, Any]:
    """The states that void or refund the payment beside releasing the stock, by order id."""
    return {
        "CompensateOrder": {
            "Type": "Parallel",
            "Branches": [
                _undo("VoidPayment", void_payment, "PaymentNotVoided"),
                _undo("ReleaseStock", release_stock, "StockNotReleased"),
            ],
            "Assign": {"uncompensated": jsonata("[$states.result[done = false].step]")},
            "Next": "CloseOrder",
        },
        "CloseOrder": call(
            "dynamodb:updateItem",
            {
                "TableName": orders,
                "Key": _KEY,
                "UpdateExpression": "SET Compensated = :compensated, UpdatedAt = :now",
                "ConditionExpression": "#State = :failed",
                "ExpressionAttributeNames": {"#State": "State"},
                "ExpressionAttributeValues": {
                    ":failed": {"S": "FAILED"},
                    ":compensated": {"BOOL": jsonata("$count($uncompensated) = 0")},
                    ":now": {"S": jsonata("$now()")},
                },
            },
            Catch=[catch(["States.ALL"], "NeedsReview")],
            Next="NeedsReview",
        ),
    }


def tell_refusal(manual_review: str, bus: str) -> dict[str, Any]:
    """The states that call a human where one is needed, tell the refusal, and fail."""
    return {
        "NeedsReview": {
            "Type": "Choice",
            "Choices": [
                {
                    "Condition": jsonata("$refusal.review or $count($uncompensated) > 0"),
                    "Next": "RecordManualReview",
                }
            ],
            "Default": "PublishOrderRejected",
        },
        "RecordManualReview": call(
            "dynamodb:putItem",
            {
                "TableName": manual_review,
                "Item": {
                    **_KEY,
                    "Step": {"S": jsonata("$append($uncompensated, [$refusal.step])[0]")},
                    "Failed": {"S": jsonata("$refusal.reason & ': ' & $refusal.cause")},
                    "Done": {
                        "S": jsonata(
                            "$count($uncompensated) = 0"
                            " ? 'the payment is voided or refunded, the stock is released'"
                            " : 'not undone: ' & $join($uncompensated, ', ')"
                        )
                    },
                    "ToDo": {
                        "S": jsonata(
                            "$count($uncompensated) = 0"
                            " ? 'find the cause; the customer was told that the order failed'"
                            " : 'void or refund by order id, release the reservation, close this'"
                        )
                    },
                    "CreatedAt": {"S": jsonata("$now()")},
                },
            },
            Catch=[catch(["States.ALL"], "RequestManualReview")],
            Next="RequestManualReview",
        ),
        "RequestManualReview": publish(
            bus,
            "ManualReviewRequired",
            _REVIEW,
            Catch=[catch(["States.ALL"], "PublishOrderRejected")],
            Next="PublishOrderRejected",
        ),
        "PublishOrderRejected": publish(
            bus,
            "OrderRejected",
            {"reason": jsonata("$refusal.reason"), "cause": jsonata("$refusal.cause")},
            Catch=[catch(["States.ALL"], "RejectOrder")],
            Next="RejectOrder",
        ),
        "ReportUnrecorded": publish(
            bus,
            "ManualReviewRequired",
            {
                "reason": "ProcessingError",
                "cause": "the refusal could not be recorded; the reconciler will try again",
            },
            Assign={
                "refusal": {
                    "step": "RecordRefusal",
                    "reason": "ProcessingError",
                    "cause": "the refusal could not be recorded",
                    "review": True,
                }
            },
            Catch=[catch(["States.ALL"], "RejectOrder")],
            Next="RejectOrder",
        ),
        "RejectOrder": {
            "Type": "Fail",
            "Error": jsonata("$refusal.reason"),
            "Cause": jsonata("$refusal.cause"),
        },
    }
