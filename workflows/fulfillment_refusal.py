"""A session that is not paid: the order is refused, its customer told, and nothing is shipped.

The refusal is recorded where there is no row for the order, so it is told once. Where there is
one, that order has a story of its own, and this execution only ends.
"""

from typing import Any

from asl import call, catch
from workflows.events import put_event
from workflows.expressions import jsonata
from workflows.fulfillment_failure import FIND_AND_RESUME, NOTHING_SENT, to_review
from workflows.unanswered import CALL

_ASKED = (
    "($input := $states.context.Execution.Input;"
    " $id := $type($input) = 'object' ? $input.SessionId;"
    " $type($id) = 'string' ? ($contains($id, /^[0-9A-Za-z-]{1,80}$/) ? $id))"
)
"""The session's id; nothing, which is an error, for an input that has none of its form."""

SESSION_KEY = {"SessionId": {"S": jsonata(_ASKED)}}
SESSION_READ = {
    "session": jsonata("$states.result.Attributes"),
    "order": {
        "orderId": jsonata(_ASKED),
        "customerId": jsonata(
            "($customer := $states.result.Attributes.CustomerId;"
            " $exists($customer.S) ? $customer.S : $exists($customer.N) ? $customer.N : '')"
        ),
    },
}
"""What is known of the order when its session was read; more once shipments are planned.

Other systems count their customers, so digits are an id too.
"""

_UNREAD = {
    "orderId": jsonata(
        f"($asked := {_ASKED}; $exists($asked) ? $asked : $states.context.Execution.Name)"
    ),
    "customerId": "",
}
_CAUSE = "the payment of the session was not received"
_ROW = (
    "$merge([{'OrderId': {'S': $order.orderId}, 'State': {'S': 'FAILED'},"
    f" 'Reason': {{'S': 'PaymentNotReceived'}}, 'Cause': {{'S': '{_CAUSE}'}},"
    " 'OrderStatus': {'S': 'Failed'}, 'PaymentStatus': {'S': 'Unsuccessful'},"
    " 'ShippingStatus': {'S': 'Unsuccessful'}, 'Compensated': {'BOOL': true},"
    " 'ExecutionArn': {'S': $states.context.Execution.Id},"
    " 'CreatedAt': {'S': $now()}, 'UpdatedAt': {'S': $now()}, 'Unpublished': {'S': 'yes'}},"
    " $order.customerId = '' ? {} : {'CustomerId': {'S': $order.customerId}},"
    " $sift($session, function($value, $name) {"
    "$name in ['Email', 'Address', 'Currency'] and $exists($value.S) and $value.S != ''})])"
)
"""Compensated from the start: nothing was charged or reserved here that could be given back."""


def unread(step: str) -> dict[str, Any]:
    """The Catch of a task that could not read the session, whatever its id looks like."""
    return to_review(["States.ALL"], step, done=NOTHING_SENT, to_do=FIND_AND_RESUME, order=_UNREAD)


def unnamed() -> dict[str, Any]:
    """The Catch of the first task for an input that names no session."""
    return to_review(
        ["States.QueryEvaluationError"],
        "ClaimSession",
        done=NOTHING_SENT,
        to_do="find out who started the execution, and start it with the session's id",
        error="SessionNotFound",
        cause="the input names no session by an id of letters, digits and dashes",
        order=_UNREAD,
    )


def refuse(sessions: str, orders: str, bus: str) -> dict[str, Any]:
    """The states that refuse a session that is not paid, or that nobody knows."""
    return {
        "RefuseSession": _read(sessions),
        "RecordPaymentNotReceived": _record(orders),
        "PublishPaymentNotReceived": put_event(
            bus,
            "PaymentNotReceived",
            {
                "orderId": jsonata("$order.orderId"),
                "customerId": jsonata("$order.customerId"),
                "reason": "PaymentNotReceived",
                "cause": _CAUSE,
            },
            Catch=[catch(["States.ALL"], "RejectSession")],
            Next="RejectSession",
        ),
        "RejectSession": {"Type": "Fail", "Error": "PaymentNotReceived", "Cause": _CAUSE},
    }


def _read(sessions: str) -> dict[str, Any]:
    unknown = to_review(
        ["DynamoDB.ConditionalCheckFailedException"],
        "ClaimSession",
        done=NOTHING_SENT,
        to_do="find out where the session's id came from; if its row was late, resume",
        error="SessionNotFound",
        cause="there is no session of this id",
        order=_UNREAD,
    )
    return call(
        "dynamodb:updateItem",
        {
            "TableName": sessions,
            "Key": SESSION_KEY,
            "UpdateExpression": "SET RefusedAt = if_not_exists(RefusedAt, :now)",
            "ConditionExpression": "attribute_exists(SessionId)",
            "ExpressionAttributeValues": {":now": {"S": jsonata("$now()")}},
            "ReturnValues": "ALL_NEW",
        },
        retry_on=CALL,
        Assign=SESSION_READ,
        Catch=[unknown, unread("RefuseSession")],
        Next="RecordPaymentNotReceived",
    )


def _record(orders: str) -> dict[str, Any]:
    broken = to_review(
        ["States.ALL"],
        "RecordPaymentNotReceived",
        done=NOTHING_SENT + "; the session is not paid, and the customer was not told",
        to_do=FIND_AND_RESUME,
    )
    return call(
        "dynamodb:putItem",
        {
            "TableName": orders,
            "Item": jsonata(_ROW),
            "ConditionExpression": (
                "attribute_not_exists(OrderId)"
                " OR (#State = :failed AND Reason = :reason AND ExecutionArn = :execution)"
            ),
            "ExpressionAttributeNames": {"#State": "State"},
            "ExpressionAttributeValues": {
                ":failed": {"S": "FAILED"},
                ":reason": {"S": "PaymentNotReceived"},
                ":execution": {"S": jsonata("$states.context.Execution.Id")},
            },
        },
        retry_on=CALL,
        Catch=[catch(["DynamoDB.ConditionalCheckFailedException"], "RejectSession"), broken],
        Next="PublishPaymentNotReceived",
    )
