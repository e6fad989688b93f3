"""Fulfillment: what a paid session bought goes to its fulfillment centres, and is recorded.

The input is `{"SessionId": "<uuid>"}`; a session's id is its order's. Claiming the session is one
conditional write that also reads it: without a paid session there is no claim, and from then on
the order cannot be cancelled any more.

Every step finds its own earlier effect by order and centre, so an execution may be followed by
another one that does only what is missing.
"""

from dataclasses import dataclass
from typing import Any

from asl import call, catch, invoke
from workflows.fulfillment import fail, groups, record, refuse
from workflows.fulfillment.fail import FIND_AND_RESUME, NOTHING_SENT, to_review
from workflows.shared.expressions import MESSAGE, jsonata
from workflows.shared.placeholders import function
from workflows.shared.retries import FUNCTION, TIMEOUT

TIMEOUT_SECONDS = 28800  # longer than 300 groups, the most, may take with all their retries
REFUSED_PLANS = ["NoProducts", "MissingFulfillmentCenter", "InvalidOrder"]


@dataclass(frozen=True)
class Resources:
    """The names and ARNs of what the machine touches; the defaults are placeholders."""

    plan_shipments: str = function("PlanShipments")
    update_inventory: str = function("UpdateInventory")
    send_to_center: str = function("SendToCenter")
    cancel_shipments: str = function("CancelShipments")
    orders: str = "CustomerOrders"
    sessions: str = "CustomerPaymentSession"
    manual_review: str = "ManualReview"


def definition(on: Resources) -> dict[str, Any]:
    """The state machine's definition in the Amazon States Language."""
    return {
        "Comment": "Claim a paid session, send each fulfillment centre its part, record",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": TIMEOUT_SECONDS,
        "StartAt": "ClaimSession",
        "States": {
            "ClaimSession": _claim(on.sessions),
            "PlanShipments": _plan(on.plan_shipments),
            **groups.fulfill(on.update_inventory, on.send_to_center),
            **record.record(on.orders),
            **refuse.refuse(on.sessions, on.orders),
            **fail.fail(on.cancel_shipments, on.manual_review),
        },
    }


def _claim(sessions: str) -> dict[str, Any]:
    request = {
        "TableName": sessions,
        "Key": refuse.SESSION_KEY,
        "UpdateExpression": (
            "SET ClaimedAt = if_not_exists(ClaimedAt, :now),"
            " FulfillmentExecution = if_not_exists(FulfillmentExecution, :execution)"
        ),
        "ConditionExpression": "PaymentStatus = :success",
        "ExpressionAttributeValues": {
            ":success": {"S": "Success"},
            ":now": {"S": jsonata("$now()")},
            ":execution": {"S": jsonata("$states.context.Execution.Id")},
        },
        "ReturnValues": "ALL_NEW",
    }
    return call(
        "dynamodb:updateItem",
        request,
        retry_on=TIMEOUT,
        Assign=refuse.session_read("$states.result.Attributes"),
        Catch=[
            catch(["DynamoDB.ConditionalCheckFailedException"], "ReadSession"),
            refuse.unnamed(),
            refuse.unread("ClaimSession"),
        ],
        Next="PlanShipments",
    )


def _plan(plan_shipments: str) -> dict[str, Any]:
    refused = to_review(
        REFUSED_PLANS,
        "PlanShipments",
        done=NOTHING_SENT,
        to_do="correct the session's products, then start <orderId>-2; or refund the order",
        reason=jsonata("$states.errorOutput.Error"),
        cause=jsonata(MESSAGE),
    )
    broken = to_review(["States.ALL"], "PlanShipments", done=NOTHING_SENT, to_do=FIND_AND_RESUME)
    return invoke(
        plan_shipments,
        {"session": jsonata("$session")},
        retry_on=FUNCTION,
        Assign={"order": jsonata("$states.result.Payload.order")},
        Catch=[refused, broken],
        Next="FulfillGroups",
    )
