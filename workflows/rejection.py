"""Telling how an order was refused: a human where one is needed, the customer, the execution.

The states expect the variables `$order`, `$refusal` and `$uncompensated`.
"""

from typing import Any

from asl import call, catch
from workflows.events import publish
from workflows.expressions import jsonata
from workflows.unanswered import CALL

_STEP = jsonata("$append($uncompensated, [$refusal.step])[0]")
_WHY = {"reason": jsonata("$refusal.reason"), "cause": jsonata("$refusal.cause")}


def tell_refusal(manual_review: str, bus: str) -> dict[str, Any]:
    """The states that call a human where one is needed, tell the refusal, and fail."""
    return {**_review(manual_review, bus), **_reject(bus)}


def _review(manual_review: str, bus: str) -> dict[str, Any]:
    needed = jsonata("$refusal.review or $count($uncompensated) > 0")
    return {
        "NeedsReview": {
            "Type": "Choice",
            "Choices": [{"Condition": needed, "Next": "RecordManualReview"}],
            "Default": "PublishOrderRejected",
        },
        "RecordManualReview": call(
            "dynamodb:putItem",
            {"TableName": manual_review, "Item": _review_row()},
            retry_on=CALL,
            Catch=[catch(["States.ALL"], "RequestManualReview")],
            Next="RequestManualReview",
        ),
        "RequestManualReview": publish(
            bus,
            "ManualReviewRequired",
            {**_WHY, "step": _STEP, "uncompensated": jsonata("$uncompensated")},
            Catch=[catch(["States.ALL"], "PublishOrderRejected")],
            Next="PublishOrderRejected",
        ),
    }


def _review_row() -> dict[str, Any]:
    """A ManualReview item; `Untold` until its event has come round the bus."""
    done = (
        "$count($uncompensated) = 0 ? 'the payment is voided or refunded, the stock is released'"
        " : 'not undone: ' & $join($uncompensated, ', ')"
    )
    to_do = (
        "$count($uncompensated) = 0"
        " ? 'find the cause; the customer was told that the order failed'"
        " : 'void or refund by order id, release the reservation, close this'"
    )
    return {
        "OrderId": {"S": jsonata("$order.orderId")},
        "Step": {"S": _STEP},
        "Failed": {"S": jsonata("$refusal.reason & ': ' & $refusal.cause")},
        "Done": {"S": jsonata(done)},
        "ToDo": {"S": jsonata(to_do)},
        "CreatedAt": {"S": jsonata("$now()")},
        "Untold": {"S": "yes"},
    }


def _reject(bus: str) -> dict[str, Any]:
    return {
        "PublishOrderRejected": publish(
            bus,
            jsonata("$refusal.reason = 'OrderCancelled' ? 'OrderCancelled' : 'OrderRejected'"),
            _WHY,
            Catch=[catch(["States.ALL"], "RejectOrder")],
            Next="RejectOrder",
        ),
        "ReportUnrecorded": _report(bus),
        "RejectOrder": {
            "Type": "Fail",
            "Error": jsonata("$refusal.reason"),
            "Cause": jsonata("$refusal.cause"),
        },
    }


def _report(bus: str) -> dict[str, Any]:
    """Calls a human for the review that the reconciler will ask for, which then calls no other."""
    told = "$merge([$refusal, {'cause': $refusal.cause & '; support was told'}])"
    return publish(
        bus,
        "ManualReviewRequired",
        {
            "reason": jsonata("$refusal.reason"),
            "step": "Recovery",
            "cause": jsonata("$refusal.cause & '; the reconciler goes on'"),
        },
        Assign={"refusal": jsonata(told)},
        Catch=[catch(["States.ALL"], "RejectOrder")],
        Next="RejectOrder",
    )
