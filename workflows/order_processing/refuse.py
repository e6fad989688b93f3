"""Refusing an order: the final state first, then the compensation, then the row is closed.

The fence is a conditional write that only one execution can win and that keeps out a PROCESSED
that lands late; it needs the order's id alone. An order whose record stands is never compensated.
Who is kept out reads what stands: an order that another decided and closed is left alone.

The states expect the variables `$order` and `$refusal`: `{step, reason, cause, review}`, where
`review` says that something technical went wrong in `step`, so that a human must look.
"""

from typing import Any

from asl import call, catch
from workflows.order_processing.described_order import UNDECIDED
from workflows.shared import review_row
from workflows.shared.expressions import jsonata
from workflows.shared.order_row import decided, update
from workflows.shared.retries import TIMEOUT

_CONDITION_FAILED = "DynamoDB.ConditionalCheckFailedException"
_TO_FAIL = catch(["States.ALL"], "RejectOrder")
# An order that another refused is refused for that one's reason, of which this execution's own
# troubles are a consequence.
_REFUSED_BEFORE = (
    "($row := $states.result.Item; $merge([$refusal, $row.State.S in ['FAILED', 'CANCELLED']"
    " ? {'reason': $row.Reason.S, 'cause': $row.Cause.S} : {},"
    " $row.ExecutionArn.S = $states.context.Execution.Id or $row.Reason.S = 'ProcessingError'"
    " ? {} : {'review': false}]))"
)
_STANDING = {
    "state": jsonata("$states.result.Item.State.S"),
    "closedBy": jsonata(
        "$exists($states.result.Item.ClosedBy) ? $states.result.Item.ClosedBy.S : ''"
    ),
}
_REVIEW = (
    "{'reason': $refusal.reason, 'cause': $refusal.cause,"
    " 'done': 'the payment is voided or refunded, the stock is released',"
    " 'toDo': 'find the cause; the customer hears that the order failed'}"
)


def fence(orders: str, state: str, **columns: Any) -> dict[str, Any]:
    """The request that refuses or cancels an undecided order, by its id alone.

    Args:
        orders: the name of CustomerOrders.
        state: FAILED or CANCELLED.
        columns: Reason and Cause, typed.
    """
    row = decided(state, OrderStatus={"S": "Failed"}, Waiting={"S": "yes"}, **columns)
    pending = {"S": "PENDING"}
    if state == "CANCELLED":
        asked = f"{UNDECIDED} AND #CancelRequested = :requested"
        return update(orders, row, condition=asked, pending=pending, requested={"BOOL": True})
    undecided = f"attribute_not_exists(#OrderId) OR ({UNDECIDED})"
    return update(orders, row, condition=undecided, pending=pending)


def record_refusal(orders: str) -> dict[str, Any]:
    """The states that make an order FAILED, unless it is decided already."""
    why = {"Reason": {"S": jsonata("$refusal.reason")}, "Cause": {"S": jsonata("$refusal.cause")}}
    return {
        "RecordRefusal": call(
            "dynamodb:updateItem",
            fence(orders, "FAILED", **why),
            retry_on=TIMEOUT,
            Catch=[catch([_CONDITION_FAILED], "ReadOrder"), _TO_FAIL],
            Next="VoidPayment",
        ),
        **_read(orders),
    }


def record_cancellation(orders: str) -> dict[str, Any]:
    """The state that makes an order CANCELLED if its customer asked for it, else refuses it.

    `CancelRequested` on the PENDING row asks for it. Whoever meets it first stops: CapturePayment,
    which reads the row, or RecordOrder, whose condition it fails.
    """
    cancelled = {
        "step": "RecordCancellation",
        "reason": "OrderCancelled",
        "cause": "the customer cancelled the order",
        "review": False,
    }
    why = {"Reason": {"S": cancelled["reason"]}, "Cause": {"S": cancelled["cause"]}}
    return {
        "RecordCancellation": call(
            "dynamodb:updateItem",
            fence(orders, "CANCELLED", **why),
            retry_on=TIMEOUT,
            Assign={"refusal": cancelled},
            Catch=[catch([_CONDITION_FAILED], "RecordRefusal"), _TO_FAIL],
            Next="VoidPayment",
        ),
    }


def review_and_reject(manual_review: str) -> dict[str, Any]:
    """The states that open a review where something technical went wrong, and the end."""
    request = review_row.review(
        manual_review,
        order="$order.orderId",
        customer="$order.customerId",
        failure=_REVIEW,
        step="$refusal.step",
    )
    return {
        "NeedsReview": {
            "Type": "Choice",
            "Choices": [{"Condition": jsonata("$refusal.review"), "Next": "RecordManualReview"}],
            "Default": "CloseOrder",
        },
        "RecordManualReview": call(
            "dynamodb:putItem",
            request,
            retry_on=TIMEOUT,
            Catch=[catch([_CONDITION_FAILED], "CloseOrder"), _TO_FAIL],
            Next="CloseOrder",
        ),
        "RejectOrder": {
            "Type": "Fail",
            "Error": jsonata("$refusal.reason"),
            "Cause": jsonata("$refusal.cause"),
        },
    }


def _read(orders: str) -> dict[str, Any]:
    own = jsonata("$states.input.closedBy = $states.context.Execution.Id")
    open_ = "$states.input.state in ['FAILED', 'CANCELLED'] and $states.input.closedBy = ''"
    undecided = jsonata("$states.input.state = 'PENDING'")
    return {
        "ReadOrder": call(
            "dynamodb:getItem",
            {
                "TableName": orders,
                "Key": {"OrderId": {"S": jsonata("$order.orderId")}},
                "ConsistentRead": True,
            },
            retry_on=TIMEOUT,
            Assign={"refusal": jsonata(_REFUSED_BEFORE)},
            Output=_STANDING,
            Catch=[_TO_FAIL],
            Next="DoesOrderStand",
        ),
        "DoesOrderStand": {
            "Type": "Choice",
            "Choices": [
                {"Condition": jsonata(open_), "Next": "VoidPayment"},
                {"Condition": own, "Next": "RejectOrder"},
                {"Condition": undecided, "Next": "RejectOrder"},
            ],
            "Default": "OrderStands",
        },
        "OrderStands": {
            "Type": "Succeed",
            "Output": {
                "orderId": jsonata("$order.orderId"),
                "state": jsonata("$states.input.state"),
            },
        },
    }
