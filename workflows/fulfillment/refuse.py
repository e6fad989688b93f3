"""A session that is not paid: the order is refused and recorded, and nothing is shipped.

One transaction records the order, unless there is one or the session was paid meanwhile. Who is
kept out reads what stands: a session that is paid is claimed after all, and an order that another
decided has a story of its own.
"""

from typing import Any

from asl import call, catch, transact
from workflows.fulfillment.fail import FIND_AND_RESUME, NOTHING_SENT, to_review
from workflows.shared.expressions import jsonata
from workflows.shared.retries import CANCELED, TIMEOUT, transaction_retries

_ASKED = (
    "($input := $states.context.Execution.Input;"
    " $id := $type($input) = 'object' ? $input.SessionId;"
    " $type($id) = 'string' ? ($contains($id, /^[0-9A-Za-z-]{1,80}$/) ? $id))"
)
"""The session's id; nothing, which is an error, for an input that has none of its form."""

SESSION_KEY = {"SessionId": {"S": jsonata(_ASKED)}}


def session_read(session: str) -> dict[str, Any]:
    """What a state assigns that has read the session: its row, and whose order it is of.

    Other systems count their customers, so digits are an id too. More is known of the order once
    shipments are planned.

    Args:
        session: an expression for the row in typed JSON.
    """
    return {
        "session": jsonata(session),
        "order": {
            "orderId": jsonata(_ASKED),
            "customerId": jsonata(
                f"($customer := {session}.CustomerId;"
                " $exists($customer.S) ? $customer.S : $exists($customer.N) ? $customer.N : '')"
            ),
        },
    }


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
    " 'ShippingStatus': {'S': 'Unsuccessful'},"
    " 'ExecutionArn': {'S': $states.context.Execution.Id},"
    " 'ClosedAt': {'S': $now()}, 'ClosedBy': {'S': $states.context.Execution.Id},"
    " 'CreatedAt': {'S': $now()}, 'UpdatedAt': {'S': $now()}},"
    " $order.customerId = '' ? {} : {'CustomerId': {'S': $order.customerId}},"
    " $sift($session, function($value, $name) {"
    "$name in ['Email', 'Address', 'Currency'] and $exists($value.S) and $value.S != ''})])"
)
"""Closed from the start: nothing was charged or reserved here that could be given back."""

_STANDING = (
    "($session := $states.result.Responses[0].Item; $row := $states.result.Responses[1].Item;"
    " $state := $row.State.S;"
    " {'paid': $session.PaymentStatus.S = 'Success',"
    " 'decided': $state in ['FAILED', 'CANCELLED', 'FULFILLED']"
    " and $not($row.ClosedBy.S = $states.context.Execution.Id),"
    " 'state': $exists($state) ? $state : ''})"
)
_ROW_KEY = {"OrderId": {"S": jsonata("$order.orderId")}}


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
        reason="SessionNotFound",
        cause="the input names no session by an id of letters, digits and dashes",
        order=_UNREAD,
    )


def refuse(sessions: str, orders: str) -> dict[str, Any]:
    """The states that refuse a session that is not paid, or that nobody knows."""
    return {
        "ReadSession": _read(sessions),
        "RefuseSession": _refuse(sessions, orders),
        "ReadStanding": _read_standing(sessions, orders),
        "WhyNotRefused": {
            "Type": "Choice",
            "Choices": [
                {"Condition": jsonata("$states.input.paid"), "Next": "ClaimSession"},
                {"Condition": jsonata("$states.input.decided"), "Next": "OrderStands"},
            ],
            "Default": "RejectSession",
        },
        "RejectSession": {"Type": "Fail", "Error": "PaymentNotReceived", "Cause": _CAUSE},
    }


def _read(sessions: str) -> dict[str, Any]:
    unknown = to_review(
        ["States.QueryEvaluationError"],
        "ClaimSession",
        done=NOTHING_SENT,
        to_do="find out where the session's id came from; if its row was late, resume",
        reason="SessionNotFound",
        cause="there is no session of this id",
        order=_UNREAD,
    )
    found = "$states.result.Item"
    return call(
        "dynamodb:getItem",
        {"TableName": sessions, "Key": SESSION_KEY, "ConsistentRead": True},
        retry_on=TIMEOUT,
        Assign=session_read(f"($exists({found}) ? {found} : $error('there is no session'))"),
        Catch=[unknown, unread("ReadSession")],
        Next="RefuseSession",
    )


def _refuse(sessions: str, orders: str) -> dict[str, Any]:
    broken = to_review(
        ["States.ALL"],
        "RefuseSession",
        done=NOTHING_SENT + "; the session is not paid, and its order does not say so",
        to_do=FIND_AND_RESUME,
    )
    session = {
        "TableName": sessions,
        "Key": SESSION_KEY,
        "ConditionExpression": (
            "attribute_exists(SessionId)"
            " AND (attribute_not_exists(PaymentStatus) OR PaymentStatus <> :success)"
        ),
        "ExpressionAttributeValues": {":success": {"S": "Success"}},
    }
    order = {
        "TableName": orders,
        "Item": jsonata(_ROW),
        "ConditionExpression": "attribute_not_exists(OrderId)",
    }
    return transact(
        "transactWriteItems",
        {"TransactItems": [{"ConditionCheck": session}, {"Put": order}]},
        declares={sessions: ["ConditionCheckItem"], orders: ["PutItem"]},
        Retry=transaction_retries("transactWriteItems"),
        Catch=[catch([CANCELED], "ReadStanding"), broken],
        Next="RejectSession",
    )


def _read_standing(sessions: str, orders: str) -> dict[str, Any]:
    rows = [
        {"Get": {"TableName": sessions, "Key": SESSION_KEY}},
        {"Get": {"TableName": orders, "Key": _ROW_KEY}},
    ]
    return transact(
        "transactGetItems",
        {"TransactItems": rows},
        declares={sessions: ["GetItem"], orders: ["GetItem"]},
        Retry=transaction_retries("transactGetItems"),
        Output=jsonata(_STANDING),
        Catch=[unread("ReadStanding")],
        Next="WhyNotRefused",
    )
