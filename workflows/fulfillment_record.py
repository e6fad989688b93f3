"""The order history: the order's row becomes FULFILLED, then the customer is told.

Only one execution can make it so. One that comes later finds the order FULFILLED, changes nothing
and tells nobody; so a customer hears once.
"""

from typing import Any

from asl import call, catch
from workflows.events import put_event
from workflows.expressions import jsonata
from workflows.fulfillment_failure import FIND_AND_RESUME, failure, to_review
from workflows.fulfillment_row import fulfilled_order
from workflows.unanswered import CALL

_ALL_SENT = "every group is on its way; the order's row and the customer do not know yet"
_FULFILLED = {"orderId": jsonata("$order.orderId"), "state": "FULFILLED"}
_TOLD = {
    "orderId": jsonata("$order.orderId"),
    "customerId": jsonata("$order.customerId"),
    "orderTotal": jsonata("$type($order.orderTotal) = 'number' ? $order.orderTotal : null"),
    "currency": jsonata("$order.currency"),
    "arrivalDate": jsonata("$arrivalDate"),
    "shipments": jsonata(
        "[$shipments.{'fulfillmentCenterId': fulfillmentCenterId, 'arrivalDate': arrivalDate,"
        " 'products': [products.$sift($, function($value, $name) {$name != 'price'})]}]"
    ),
    "reason": jsonata("''"),
}
"""What an event says: less than the session it came from, so that it never outgrows the bus."""


def record(orders: str, bus: str) -> dict[str, Any]:
    """The states that record a fulfilled order and tell it."""
    return {
        "RecordFulfillment": call(
            "dynamodb:updateItem",
            fulfilled_order(orders),
            retry_on=CALL,
            Catch=[
                catch(["DynamoDB.ConditionalCheckFailedException"], "ReadOrder"),
                _unrecorded("RecordFulfillment"),
            ],
            Next="PublishOrderFulfilled",
        ),
        "PublishOrderFulfilled": put_event(
            bus,
            "OrderFulfilled",
            _TOLD,
            Output=_FULFILLED,
            Catch=[catch(["States.ALL"], "LeaveToRepublisher")],
            End=True,
        ),
        "LeaveToRepublisher": {"Type": "Succeed", "Output": _FULFILLED},
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
            retry_on=CALL,
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
                    "Next": "AlreadyFulfilled",
                }
            ],
            "Default": "RecordManualReview",
        },
        "AlreadyFulfilled": {"Type": "Succeed", "Output": _FULFILLED},
    }


def _unrecorded(step: str) -> dict[str, Any]:
    return to_review(["States.ALL"], step, done=_ALL_SENT, to_do=FIND_AND_RESUME)
