"""The order history: the order's row becomes FULFILLED, from which the outcome is published.

Only one execution can make it so. One that comes later finds the order FULFILLED and changes
nothing, so that the outcome is published once.
"""

from typing import Any

from asl import call, catch
from workflows.fulfillment.fail import FIND_AND_RESUME, failure, to_review
from workflows.fulfillment.order_row import fulfilled_order
from workflows.shared.expressions import jsonata
from workflows.shared.retries import TIMEOUT

_ALL_SENT = "every group is on its way; the order's row does not say so yet"


def record(orders: str) -> dict[str, Any]:
    """The states that record a fulfilled order."""
    return {
        "RecordFulfillment": call(
            "dynamodb:updateItem",
            fulfilled_order(orders),
            retry_on=TIMEOUT,
            Output={"orderId": jsonata("$order.orderId"), "state": "FULFILLED"},
            Catch=[
                catch(["DynamoDB.ConditionalCheckFailedException"], "ReadOrder"),
                _unrecorded("RecordFulfillment"),
            ],
            End=True,
        ),
        **_fulfilled_before(orders),
    }


def _fulfilled_before(orders: str) -> dict[str, Any]:
    state = "$states.result.Item.State.S"
    known = f"$exists({state}) ? {state} : 'gone'"
    return {
        "ReadOrder": call(
            "dynamodb:getItem",
            {
                "TableName": orders,
                "Key": {"OrderId": {"S": jsonata("$order.orderId")}},
                "ProjectionExpression": "#State",
                "ExpressionAttributeNames": {"#State": "State"},
                "ConsistentRead": True,
            },
            retry_on=TIMEOUT,
            Assign={
                "failure": failure(
                    "RecordFulfillment",
                    cause=jsonata(f"'the order is ' & ({known}) & ', so it was not recorded'"),
                    done=_ALL_SENT,
                    to_do="find out how the order came to be so, and whether to call it back",
                )
            },
            Output={"state": jsonata(known)},
            Catch=[_unrecorded("ReadOrder")],
            Next="IsOrderFulfilled",
        ),
        "IsOrderFulfilled": {
            "Type": "Choice",
            "Choices": [
                {
                    "Condition": jsonata("$states.input.state = 'FULFILLED'"),
                    "Next": "OrderStands",
                }
            ],
            "Default": "RecordManualReview",
        },
        "OrderStands": {
            "Type": "Succeed",
            "Output": {
                "orderId": jsonata("$order.orderId"),
                "state": jsonata("$states.input.state"),
            },
        },
    }


def _unrecorded(step: str) -> dict[str, Any]:
    return to_review(["States.ALL"], step, done=_ALL_SENT, to_do=FIND_AND_RESUME)
