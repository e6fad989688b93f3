"""Order processing: authorize the payment beside reserving the stock, capture, record, tell.

The input is an order request in minor units whose card was exchanged for a token at the edge:
`{orderId, customerId, currency, orderTotal, items, payment: {token, cardType, last4},
requestedAt}` and, where given, `email` and `address`.
"""

from dataclasses import dataclass
from typing import Any

from asl import catch, invoke, transact
from workflows import cancellation, compensation, order_record, refusal, rejection
from workflows.events import publish
from workflows.expressions import MESSAGE, jsonata
from workflows.payment import authorize_payment
from workflows.resources import function
from workflows.stock import reserve_stock
from workflows.unanswered import CALL, FUNCTION

TIMEOUT_SECONDS = 5400  # longer than every task may take with all its retries, one after another


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
            **_charge(on.capture_payment),
            **_record(on),
            **cancellation.record_cancellation(on.orders),
            **refusal.record_refusal(on.orders),
            **compensation.compensate(on.orders, on.void_payment, on.release_stock),
            **rejection.tell_refusal(on.manual_review, on.bus),
        },
    }


def _grant(on: Resources) -> dict[str, Any]:
    return {
        "AuthorizeAndReserve": {
            "Type": "Parallel",
            "Branches": [
                authorize_payment(on.authorize_payment),
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


_UNLESS_RECORDED = catch(["States.ALL"], "RecordRefusal", Assign={"refusal": _TECHNICAL})
_REFUSED_RECORD = "DynamoDb.TransactionCanceledException"
_PROCESSED = {"orderId": jsonata("$order.orderId"), "state": "PROCESSED"}


def _if_cancelled(error: str) -> dict[str, Any]:
    """A Catch of an error behind which there may be a customer who cancelled."""
    return catch([error], "RecordCancellation", Assign={"refusal": _TECHNICAL})


def _charge(capture_payment: str) -> dict[str, Any]:
    declined = {**_TECHNICAL, "reason": "PaymentDeclined", "review": False}
    return {
        "CapturePayment": invoke(
            capture_payment,
            {
                "orderId": jsonata("$order.orderId"),
                "amount": jsonata("$order.orderTotal"),
                "currency": jsonata("$order.currency"),
            },
            retry_on=["PaymentGatewayUnavailable", *FUNCTION],
            Assign={"chargeId": jsonata("$states.result.Payload.chargeId")},
            Catch=[
                catch(["PaymentDeclined"], "RecordRefusal", Assign={"refusal": declined}),
                _if_cancelled("OrderCancelled"),
                _UNLESS_RECORDED,
            ],
            Next="RecordOrder",
        ),
    }


def _record(on: Resources) -> dict[str, Any]:
    return {
        "RecordOrder": transact(
            "transactWriteItems",
            {"TransactItems": order_record.processed(on.orders, on.sessions, on.reservations)},
            declares={
                on.orders: ["PutItem"],
                on.sessions: ["PutItem"],
                on.reservations: ["UpdateItem"],
            },
            retry_on=[_REFUSED_RECORD, *CALL],
            Catch=[_if_cancelled(_REFUSED_RECORD), _UNLESS_RECORDED],
            Next="PublishOrderProcessed",
        ),
        "PublishOrderProcessed": publish(
            on.bus,
            "OrderProcessed",
            {"reason": jsonata("''")},
            Output=_PROCESSED,
            Catch=[catch(["States.ALL"], "LeaveToRepublisher")],
            End=True,
        ),
        "LeaveToRepublisher": {"Type": "Succeed", "Output": _PROCESSED},
    }
