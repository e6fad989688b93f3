"""Telling how an order was refused: a human where one is needed, the customer, the execution.

The states expect the variables `$order`, `$refusal` and `$uncompensated`.
"""

from typing import Any

from asl import call, catch
from workflows.events import publish
from workflows.expressions import jsonata
from workflows.unanswered import CALL

_REVIEW = {
    "reason": jsonata("$refusal.reason"),
    "cause": jsonata("$refusal.cause"),
    "uncompensated": jsonata("$uncompensated"),
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
                    "OrderId": {"S": jsonata("$order.orderId")},
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
            retry_on=CALL,
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
                "reason": jsonata("$refusal.reason"),
                "cause": jsonata("$refusal.cause & '; the reconciler goes on'"),
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
