"""Order processing: authorize the payment beside reserving the stock, capture, record, tell.

The input is an order request in minor units whose card was exchanged for a token at the edge:
`{orderId, customerId, currency, orderTotal, items, payment: {token, cardType, last4},
requestedAt}` and, where given, `email` and `address`.
"""

from dataclasses import dataclass
from typing import Any

from asl import catch, invoke, transact
from workflows import refusal
from workflows.events import publish
from workflows.expressions import MESSAGE, jsonata
from workflows.order_row import order_row, payment_session
from workflows.resources import function
from workflows.stock import reserve_stock

TIMEOUT_SECONDS = 900


@dataclass(frozen=True)
class Resources:
    """The names and ARNs of what the machine touches; the defaults are placeholders."""

    authorize_payment: str = function("AuthorizePayment")
    capture_payment: str = function("CapturePayment")
    void_payment: str = function("VoidPayment")
    release_stock: str = function("ReleaseStock")
    orders: str = "CustomerOrders"
    sessions: str = "CustomerPaymentSession"
    inventory: str = "Inventory"
    reservations: str = "Reservations"
    manual_review: str = "ManualReview"
    bus: str = "Orders"


_TECHNICAL = {
    "step": jsonata("$states.context.State.Name"),
    "reason": "ProcessingError",
    "cause": jsonata(MESSAGE),
    "review": True,
}
_REFUSAL = jsonata(
    "($no := [$states.result[granted = false]]; $refused := [$no[$not(technical)]];"
    " $broken := [$no[technical]]; $told := $append($refused, $broken)[0];"
    " $count($no) = 0 ? {} : {'step': $append($broken, $refused)[0].step,"
    " 'reason': $told.reason, 'cause': $told.cause, 'review': $count($broken) > 0})"
)
"""A refusal is told before a technical error; either way, something technical is reviewed."""


def definition(on: Resources) -> dict[str, Any]:
    """The state machine's definition in the Amazon States Language."""
    return {
        "Comment": "Authorize beside reserving, capture, record, tell; undo on every error",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": TIMEOUT_SECONDS,
        "StartAt": "AuthorizeAndReserve",
        "States": {
            **_grant(on),
            **_charge(on),
            **refusal.record_refusal(on.orders),
            **refusal.compensate(on.orders, on.void_payment, on.release_stock),
            **refusal.tell_refusal(on.manual_review, on.bus),
        },
    }


def _authorize_payment(authorize_payment: str) -> dict[str, Any]:
    return {
        "StartAt": "AuthorizePayment",
        "States": {
            "AuthorizePayment": invoke(
                authorize_payment,
                {
                    "orderId": jsonata("$states.input.orderId"),
                    "amount": jsonata("$states.input.orderTotal"),
                    "currency": jsonata("$states.input.currency"),
                    "payment": jsonata("$states.input.payment"),
                },
                retry_on=["PaymentGatewayUnavailable"],
                Output=jsonata("$merge([{'granted': true}, $states.result.Payload])"),
                Catch=[
                    catch(
                        ["PaymentNotVerified", "PaymentDeclined"],
                        "ReportPayment",
                        Output={
                            "step": "AuthorizePayment",
                            "granted": False,
                            "technical": False,
                            "reason": jsonata("$states.errorOutput.Error"),
                            "cause": jsonata(MESSAGE),
                        },
                    ),
                    catch(
                        ["States.ALL"],
                        "ReportPayment",
                        Output={
                            "step": "AuthorizePayment",
                            "granted": False,
                            "technical": True,
                            "reason": "ProcessingError",
                            "cause": jsonata(MESSAGE),
                        },
                    ),
                ],
                End=True,
            ),
            "ReportPayment": {"Type": "Pass", "End": True},
        },
    }


def _grant(on: Resources) -> dict[str, Any]:
    return {
        "AuthorizeAndReserve": {
            "Type": "Parallel",
            "Branches": [
                _authorize_payment(on.authorize_payment),
                reserve_stock(on.reservations, on.inventory),
            ],
            "Assign": {
                "order": jsonata("$states.input"),
                "granted": jsonata("$states.result[0].granted and $states.result[1].granted"),
                "authorizationId": jsonata(
                    "$states.result[0].granted ? $states.result[0].authorizationId : ''"
                ),
                "refusal": _REFUSAL,
            },
            "Catch": [
                catch(
                    ["States.ALL"],
                    "RecordRefusal",
                    Assign={"order": jsonata("$states.input"), "refusal": _TECHNICAL},
                )
            ],
            "Next": "IsOrderGranted",
        },
        "IsOrderGranted": {
            "Type": "Choice",
            "Choices": [{"Condition": jsonata("$granted"), "Next": "CapturePayment"}],
            "Default": "RecordRefusal",
        },
    }


def _charge(on: Resources) -> dict[str, Any]:
    unless_recorded = [catch(["States.ALL"], "RecordRefusal", Assign={"refusal": _TECHNICAL})]
    return {
        "CapturePayment": invoke(
            on.capture_payment,
            {
                "orderId": jsonata("$order.orderId"),
                "amount": jsonata("$order.orderTotal"),
                "currency": jsonata("$order.currency"),
            },
            retry_on=["PaymentGatewayUnavailable"],
            Assign={"chargeId": jsonata("$states.result.Payload.chargeId")},
            Catch=[
                catch(
                    ["PaymentDeclined"],
                    "RecordRefusal",
                    Assign={
                        "refusal": {**_TECHNICAL, "reason": "PaymentDeclined", "review": False}
                    },
                ),
                *unless_recorded,
            ],
            Next="RecordOrder",
        ),
        "RecordOrder": transact(
            "transactWriteItems",
            {"TransactItems": _processed(on)},
            declares={
                on.orders: ["PutItem"],
                on.sessions: ["PutItem"],
                on.reservations: ["UpdateItem"],
            },
            retry_on=["DynamoDb.TransactionCanceledException"],
            Catch=unless_recorded,
            Next="PublishOrderProcessed",
        ),
        "PublishOrderProcessed": publish(
            on.bus,
            "OrderProcessed",
            {"reason": jsonata("''")},
            Output={
                "orderId": jsonata("$order.orderId"),
                "state": "PROCESSED",
            },
            Catch=[catch(["States.ALL"], "LeaveToRepublisher")],
            End=True,
        ),
        "LeaveToRepublisher": {
            "Type": "Succeed",
            "Output": {"orderId": jsonata("$order.orderId"), "state": "PROCESSED"},
        },
    }


def _processed(on: Resources) -> list[dict[str, Any]]:
    """The record of a paid order; each condition also accepts this record's own earlier effect."""
    mine = {":charge": {"S": jsonata("$chargeId")}}
    return [
        {
            "Put": {
                "TableName": on.orders,
                "Item": order_row("PROCESSED", ChargeId={"S": jsonata("$chargeId")}),
                "ConditionExpression": (
                    "attribute_not_exists(OrderId) OR #State = :pending"
                    " OR (#State = :processed AND ChargeId = :charge)"
                ),
                "ExpressionAttributeNames": {"#State": "State"},
                "ExpressionAttributeValues": {
                    ":pending": {"S": "PENDING"},
                    ":processed": {"S": "PROCESSED"},
                    **mine,
                },
            }
        },
        {
            "Put": {
                "TableName": on.sessions,
                "Item": payment_session(),
                "ConditionExpression": "attribute_not_exists(SessionId) OR ChargeId = :charge",
                "ExpressionAttributeValues": mine,
            }
        },
        {
            "Update": {
                "TableName": on.reservations,
                "Key": {"OrderId": {"S": jsonata("$order.orderId")}},
                "UpdateExpression": "SET #Status = :committed REMOVE Expiring, ExpiresAt",
                "ConditionExpression": "#Status IN (:reserved, :committed)",
                "ExpressionAttributeNames": {"#Status": "Status"},
                "ExpressionAttributeValues": {
                    ":reserved": {"S": "RESERVED"},
                    ":committed": {"S": "COMMITTED"},
                },
            }
        },
    ]
