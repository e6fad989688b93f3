"""Checkout: an order from a cart, paid and shipped by outside services that call back.

The input is the source system's own: `{CartId, Email, Address, <item>: count, ..., total_cost}`,
counts and cost as decimal strings. Only the exact success word of a service passes: its callback
is turned into the task's success, everything else into a failure, and a success is looked at once
more here.

Whatever goes wrong, FailCheckout writes the final state, cancels at the payment service, releases
the stock and frees the cart; it may run again and again, here and in the reconciler.
"""

from dataclasses import dataclass
from typing import Any

from asl import call, catch, invoke, transact
from workflows.events import publish
from workflows.expressions import MESSAGE, jsonata
from workflows.resources import function

TIMEOUT_SECONDS = 3600
PAYMENT_SECONDS = 900
SHIPPING_SECONDS = 900
HEARTBEAT_SECONDS = 300


@dataclass(frozen=True)
class Resources:
    """The names and ARNs of what the machine touches; the defaults are placeholders."""

    create_order: str = function("CreateOrder")
    request_payment: str = function("RequestPayment")
    request_shipping: str = function("RequestShipping")
    fail_checkout: str = function("FailCheckout")
    orders: str = "CustomerOrders"
    sessions: str = "CustomerPaymentSession"
    reservations: str = "Reservations"
    carts: str = "Carts"
    bus: str = "Orders"


def definition(on: Resources) -> dict[str, Any]:
    """The state machine's definition in the Amazon States Language."""
    return {
        "Comment": "Order a cart, wait for payment and shipping, confirm; undo on every error",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": TIMEOUT_SECONDS,
        "StartAt": "CreateOrder",
        "States": {**_pay(on), **_ship(on), **_fail(on)},
    }


def _catch(stage: str) -> list[dict[str, Any]]:
    failure = {
        "stage": stage,
        "error": jsonata("$states.errorOutput.Error"),
        "cause": jsonata(MESSAGE),
    }
    none_yet: dict[str, Any] = {"order": {}} if stage == "create" else {}
    return [catch(["States.ALL"], "FailCheckout", Assign={"failure": failure, **none_yet})]


def _await_callback(
    ask: str, success: str, seconds: int, stage: str, next_state: str
) -> dict[str, Any]:
    """A Task that hands out a token and passes only on the exact success word."""
    word = "$states.result.status"
    return invoke(
        ask,
        {"order": jsonata("$order"), "taskToken": jsonata("$states.context.Task.Token")},
        retry_on=["ServiceUnavailable", "TableContended"],
        Resource="arn:aws:states:::lambda:invoke.waitForTaskToken",
        TimeoutSeconds=seconds,
        HeartbeatSeconds=HEARTBEAT_SECONDS,
        Output=jsonata(f"{word} = '{success}' ? $states.result : $error('an unknown status')"),
        Catch=_catch(stage),
        Next=next_state,
    )


def _pay(on: Resources) -> dict[str, Any]:
    return {
        "CreateOrder": invoke(
            on.create_order,
            {
                "checkout": jsonata("$states.context.Execution.Input"),
                "executionArn": jsonata("$states.context.Execution.Id"),
            },
            retry_on=["TableContended"],
            Assign={"order": jsonata("$states.result.Payload")},
            Catch=_catch("create"),
            Next="RequestPayment",
        ),
        "RequestPayment": _await_callback(
            on.request_payment, "succeeded", PAYMENT_SECONDS, "payment", "RecordPayment"
        ),
        "RecordPayment": call(
            "dynamodb:updateItem",
            {
                "TableName": on.orders,
                "Key": {"OrderId": {"S": jsonata("$order.orderId")}},
                "UpdateExpression": "SET PaymentStatus = :successful, UpdatedAt = :now",
                "ConditionExpression": "#State = :pending",
                "ExpressionAttributeNames": {"#State": "State"},
                "ExpressionAttributeValues": {
                    ":successful": {"S": "Successful"},
                    ":pending": {"S": "PENDING"},
                    ":now": {"S": jsonata("$now()")},
                },
            },
            Catch=_catch("record"),
            Next="RequestShipping",
        ),
    }


def _ship(on: Resources) -> dict[str, Any]:
    return {
        "RequestShipping": _await_callback(
            on.request_shipping, "available", SHIPPING_SECONDS, "shipping", "ConfirmOrder"
        ),
        "ConfirmOrder": transact(
            "transactWriteItems",
            {"TransactItems": _confirmed(on)},
            declares={
                on.orders: ["UpdateItem"],
                on.sessions: ["PutItem"],
                on.reservations: ["UpdateItem"],
                on.carts: ["UpdateItem"],
            },
            retry_on=["DynamoDb.TransactionCanceledException"],
            Catch=_catch("confirm"),
            Next="PublishOrderConfirmed",
        ),
        "PublishOrderConfirmed": publish(
            on.bus,
            "OrderConfirmed",
            {"reason": jsonata("''")},
            Output={"orderId": jsonata("$order.orderId"), "state": "PROCESSED"},
            Catch=[catch(["States.ALL"], "LeaveToRepublisher")],
            End=True,
        ),
        "LeaveToRepublisher": {
            "Type": "Succeed",
            "Output": {"orderId": jsonata("$order.orderId"), "state": "PROCESSED"},
        },
    }


def _confirmed(on: Resources) -> list[dict[str, Any]]:
    """A confirmed order; each condition also accepts this write's own earlier effect."""
    order = {"OrderId": {"S": jsonata("$order.orderId")}}
    return [
        {
            "Update": {
                "TableName": on.orders,
                "Key": order,
                "UpdateExpression": (
                    "SET #State = :processed, OrderStatus = :confirmed, UpdatedAt = :now,"
                    " PaymentStatus = :successful, ShippingStatus = :successful,"
                    " Unpublished = :yes"
                ),
                "ConditionExpression": (
                    "#State = :pending OR (#State = :processed AND ExecutionArn = :execution)"
                ),
                "ExpressionAttributeNames": {"#State": "State"},
                "ExpressionAttributeValues": {
                    ":pending": {"S": "PENDING"},
                    ":processed": {"S": "PROCESSED"},
                    ":confirmed": {"S": "Confirmed"},
                    ":successful": {"S": "Successful"},
                    ":yes": {"S": "yes"},
                    ":now": {"S": jsonata("$now()")},
                    ":execution": {"S": jsonata("$states.context.Execution.Id")},
                },
            }
        },
        {"Put": {"TableName": on.sessions, "Item": _session()}},
        {
            "Update": {
                "TableName": on.reservations,
                "Key": order,
                "UpdateExpression": "SET #Status = :committed REMOVE Expiring, ExpiresAt",
                "ConditionExpression": "#Status IN (:reserved, :committed)",
                "ExpressionAttributeNames": {"#Status": "Status"},
                "ExpressionAttributeValues": {
                    ":reserved": {"S": "RESERVED"},
                    ":committed": {"S": "COMMITTED"},
                },
            }
        },
        {
            "Update": {
                "TableName": on.carts,
                "Key": {"CartId": {"S": jsonata("$order.cartId")}},
                "UpdateExpression": "SET #Status = :confirmed",
                "ConditionExpression": "OrderId = :order AND #Status IN (:open, :confirmed)",
                "ExpressionAttributeNames": {"#Status": "Status"},
                "ExpressionAttributeValues": {
                    ":order": {"S": jsonata("$order.orderId")},
                    ":open": {"S": "OPEN"},
                    ":confirmed": {"S": "CONFIRMED"},
                },
            }
        },
    ]


def _session() -> dict[str, Any]:
    """The payment record of a checkout, whose prices only the outside payment service knows."""
    products = (
        "[$order.items.{'M': {'id': {'S': itemId}, 'name': {'S': itemId},"
        " 'quantity': {'N': $string(quantity)},"
        " 'price': $exists(price) ? {'N': $string(price)} : {'NULL': true}}}]"
    )
    return {
        "SessionId": {"S": jsonata("$order.orderId")},
        "CustomerId": {"S": jsonata("$order.customerId")},
        "PaymentStatus": {"S": "Success"},
        "Products": {"L": jsonata(products)},
        "Currency": {"S": jsonata("$order.currency")},
        "CreatedAt": {"S": jsonata("$now()")},
    }


def _fail(on: Resources) -> dict[str, Any]:
    told = {"reason": jsonata("$failed.reason"), "cause": jsonata("$failed.cause")}
    return {
        "FailCheckout": invoke(
            on.fail_checkout,
            jsonata(
                "$merge([{'checkout': $states.context.Execution.Input,"
                " 'executionArn': $states.context.Execution.Id}, $failure,"
                " $exists($order.orderId) ? {'order': $order} : {}])"
            ),
            retry_on=["TableContended"],
            Assign={
                "failed": jsonata("$states.result.Payload"),
                "order": jsonata("$states.result.Payload"),
            },
            Catch=[
                catch(
                    ["States.ALL"],
                    "ReportUnrecorded",
                    Assign={
                        "failed": {
                            "reason": "ProcessingError",
                            "cause": "the failure could not be recorded",
                        }
                    },
                )
            ],
            Next="WhatToTell",
        ),
        "WhatToTell": {
            "Type": "Choice",
            "Choices": [
                {"Condition": jsonata("$failed.stands"), "Next": "PublishOrderConfirmed"},
                {"Condition": jsonata("$not($failed.recorded)"), "Next": "RejectOrder"},
                {"Condition": jsonata("$failed.review"), "Next": "RequestManualReview"},
            ],
            "Default": "PublishFailure",
        },
        "RequestManualReview": publish(
            on.bus,
            "ManualReviewRequired",
            {**told, "uncompensated": jsonata("$failed.uncompensated")},
            Catch=[catch(["States.ALL"], "PublishFailure")],
            Next="PublishFailure",
        ),
        "PublishFailure": publish(
            on.bus,
            jsonata("$failed.detailType"),
            {**told, "refunded": jsonata("$failed.refunded")},
            Catch=[catch(["States.ALL"], "RejectOrder")],
            Next="RejectOrder",
        ),
        "ReportUnrecorded": call(
            "events:putEvents",
            {
                "Entries": [
                    {
                        "EventBusName": on.bus,
                        "Source": "orders",
                        "DetailType": "ManualReviewRequired",
                        "Detail": {
                            "orderId": jsonata("$exists($order.orderId) ? $order.orderId : ''"),
                            "customerId": jsonata(
                                "$string($states.context.Execution.Input.CartId)"
                            ),
                            "executionArn": jsonata("$states.context.Execution.Id"),
                            "reason": "ProcessingError",
                            "cause": "the failure could not be recorded; the reconciler goes on",
                        },
                    }
                ]
            },
            Catch=[catch(["States.ALL"], "RejectOrder")],
            Next="RejectOrder",
        ),
        "RejectOrder": {
            "Type": "Fail",
            "Error": jsonata("$failed.reason"),
            "Cause": jsonata("$failed.cause"),
        },
    }
