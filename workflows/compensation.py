"""Giving back what a refused order holds: its payment and its stock, each by the order's id.

The states expect the variable `$order`, and leave `$uncompensated`: the steps that failed.
"""

from typing import Any

from asl import call, catch, invoke
from workflows.expressions import jsonata
from workflows.unanswered import CALL, FUNCTION


def _undo(step: str, function: str, failed: str) -> dict[str, Any]:
    return {
        "StartAt": step,
        "States": {
            step: invoke(
                function,
                {"orderId": jsonata("$order.orderId")},
                retry_on=["PaymentGatewayUnavailable", "TableContended", *FUNCTION],
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
                "Key": {"OrderId": {"S": jsonata("$order.orderId")}},
                "UpdateExpression": "SET Compensated = :compensated, UpdatedAt = :now",
                "ConditionExpression": "#State = :failed",
                "ExpressionAttributeNames": {"#State": "State"},
                "ExpressionAttributeValues": {
                    ":failed": {"S": "FAILED"},
                    ":compensated": {"BOOL": jsonata("$count($uncompensated) = 0")},
                    ":now": {"S": jsonata("$now()")},
                },
            },
            retry_on=CALL,
            Catch=[catch(["States.ALL"], "NeedsReview")],
            Next="NeedsReview",
        ),
    }
