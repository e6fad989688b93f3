"""Giving back what a refused order holds: its payment and its stock, each by the order's id.

The states expect the variable `$order`, and leave `$uncompensated`: the steps that failed, and
`$refunded`: whether money that was taken came back.
"""

from typing import Any

from asl import call, catch, invoke
from workflows.expressions import jsonata
from workflows.unanswered import CALL, FUNCTION

# An order whose customer cancelled it waits until nothing is left to give back.
_CLOSE = (
    "'SET Compensated = :compensated, PaymentStatus = :payment, UpdatedAt = :now'"
    " & ($count($uncompensated) = 0 ? ' REMOVE Waiting' : '')"
)


def compensate(orders: str, void_payment: str, release_stock: str) -> dict[str, Any]:
    """The states that void or refund the payment beside releasing the stock, by order id."""
    voided = {"result": jsonata("$states.result.Payload.result")}
    return {
        "CompensateOrder": {
            "Type": "Parallel",
            "Branches": [
                _undo("VoidPayment", void_payment, "PaymentNotVoided", **voided),
                _undo("ReleaseStock", release_stock, "StockNotReleased"),
            ],
            "Assign": {
                "uncompensated": jsonata("[$states.result[done = false].step]"),
                "refunded": jsonata("$states.result[0].result = 'REFUNDED'"),
            },
            "Next": "CloseOrder",
        },
        "CloseOrder": _close(orders),
    }


def _undo(step: str, function: str, failed: str, **output: str) -> dict[str, Any]:
    return {
        "StartAt": step,
        "States": {
            step: invoke(
                function,
                {"orderId": jsonata("$order.orderId")},
                retry_on=["PaymentGatewayUnavailable", "TableContended", *FUNCTION],
                Output={"step": step, "done": True, **output},
                Catch=[catch(["States.ALL"], failed, Output={"step": step, "done": False})],
                End=True,
            ),
            failed: {"Type": "Pass", "End": True},
        },
    }


def _close(orders: str) -> dict[str, Any]:
    """Notes how far the compensation came; the reconciler finishes what is not Compensated."""
    return call(
        "dynamodb:updateItem",
        {
            "TableName": orders,
            "Key": {"OrderId": {"S": jsonata("$order.orderId")}},
            "UpdateExpression": jsonata(_CLOSE),
            "ConditionExpression": "#State IN (:failed, :cancelled)",
            "ExpressionAttributeNames": {"#State": "State"},
            "ExpressionAttributeValues": {
                ":failed": {"S": "FAILED"},
                ":cancelled": {"S": "CANCELLED"},
                ":compensated": {"BOOL": jsonata("$count($uncompensated) = 0")},
                ":payment": {"S": jsonata("$refunded ? 'Refunded' : 'Unsuccessful'")},
                ":now": {"S": jsonata("$now()")},
            },
        },
        retry_on=CALL,
        Catch=[catch(["States.ALL"], "NeedsReview")],
        Next="NeedsReview",
    )
