"""Order processing: authorize the payment beside reserving the stock, capture, record.

The input is an order request in minor units whose card was exchanged for a token at the edge:
`{orderId, customerId, currency, orderTotal, items, payment: {token, cardType, last4},
requestedAt}` and, where given, `email` and `address`. The execution is named after the order, or
`<orderId>-<n>`; an input that names another order, or is wrong in itself, is refused by the first
step. The outcome stands in the order's row, from which it is published.
"""

from dataclasses import dataclass
from typing import Any

from asl import catch, invoke, transact
from workflows.order_processing import compensate, order_check, record, refuse
from workflows.order_processing.authorize import authorize_payment
from workflows.order_processing.reserve import reserve_stock
from workflows.shared.expressions import MESSAGE, jsonata
from workflows.shared.placeholders import function
from workflows.shared.retries import FUNCTION, canceled_record, judge_canceled, transaction_retries

TIMEOUT_SECONDS = 21600  # longer than every task may take with all its retries, one after another


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


_TECHNICAL = {
    "step": jsonata("$states.context.State.Name"),
    "reason": "ProcessingError",
    "cause": jsonata(MESSAGE),
    "review": True,
}
_REFUSAL = jsonata(
    "($no := [$states.result[granted = false]]; $refused := [$no[$not(technical)]];"
    " $broken := [$no[technical]]; $first := $append($refused, $broken)[0];"
    " $count($no) = 0 ? {} : {'step': $append($broken, $refused)[0].step,"
    " 'reason': $first.reason, 'cause': $first.cause, 'review': $count($broken) > 0})"
)
"""A refusal comes before a technical error; either way, something technical is reviewed."""


def definition(on: Resources) -> dict[str, Any]:
    """The state machine's definition in the Amazon States Language."""
    return {
        "Comment": "Authorize beside reserving, capture, record; compensate on every error",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": TIMEOUT_SECONDS,
        "StartAt": "AuthorizeAndReserve",
        "States": {
            **_grant(on),
            **_charge(on.capture_payment),
            **_record(on),
            **refuse.record_cancellation(on.orders),
            **refuse.record_refusal(on.orders),
            **compensate.compensate(on.void_payment, on.release_stock),
            **refuse.review_and_reject(on.manual_review),
            **compensate.close(on.orders),
        },
    }


def _grant(on: Resources) -> dict[str, Any]:
    return {
        "AuthorizeAndReserve": {
            "Type": "Parallel",
            "Arguments": jsonata(order_check.CHECKED),
            "Branches": [
                authorize_payment(on.authorize_payment),
                reserve_stock(on.reservations, on.inventory),
            ],
            "Assign": {
                "order": jsonata("$states.input"),
                "own": jsonata(order_check.OWN),
                "valid": jsonata("$not('InvalidOrder' in $states.result.reason)"),
                "granted": jsonata("$states.result[0].granted and $states.result[1].granted"),
                "authorizationId": jsonata(
                    "$states.result[0].granted ? $states.result[0].authorizationId : ''"
                ),
                "refusal": _REFUSAL,
                "rounds": 0,
            },
            "Catch": [
                catch(
                    ["States.ALL"],
                    "IsOrderGranted",
                    Assign={
                        "order": jsonata("$states.input"),
                        "own": jsonata(order_check.OWN),
                        "valid": jsonata(order_check.IS_VALID),
                        "granted": False,
                        "rounds": 0,
                        "refusal": _TECHNICAL,
                    },
                )
            ],
            "Next": "IsOrderGranted",
        },
        "IsOrderGranted": {
            "Type": "Choice",
            "Choices": [
                {"Condition": jsonata("$granted"), "Next": "CapturePayment"},
                {"Condition": jsonata("$not($own)"), "Next": "RejectOrder"},
            ],
            "Default": "RecordRefusal",
        },
    }


_UNLESS_RECORDED = catch(["States.ALL"], "RecordRefusal", Assign={"refusal": _TECHNICAL})


_CANCELLED = {**_TECHNICAL, "reason": "OrderCancelled", "review": False}
"""The customer asked for it, or the row says that it was recorded."""


def _charge(capture_payment: str) -> dict[str, Any]:
    declined = {**_TECHNICAL, "reason": "PaymentDeclined", "review": False}
    differs = {**_TECHNICAL, "reason": "InvalidOrder"}
    return {
        "CapturePayment": invoke(
            capture_payment,
            {
                "orderId": jsonata("$order.orderId"),
                "amount": jsonata("$order.orderTotal"),
                "currency": jsonata("$order.currency"),
            },
            retry_on=FUNCTION,
            Assign={"chargeId": jsonata("$states.result.Payload.chargeId")},
            Catch=[
                catch(["PaymentDeclined"], "RecordRefusal", Assign={"refusal": declined}),
                catch(["InvalidOrder"], "RecordRefusal", Assign={"refusal": differs}),
                catch(["OrderCancelled"], "RecordCancellation", Assign={"refusal": _CANCELLED}),
                _UNLESS_RECORDED,
            ],
            Next="RecordOrder",
        ),
    }


def _record(on: Resources) -> dict[str, Any]:
    return {
        "RecordOrder": transact(
            "transactWriteItems",
            {"TransactItems": record.processed(on.orders, on.sessions, on.reservations)},
            declares={
                on.orders: ["UpdateItem"],
                on.sessions: ["PutItem"],
                on.reservations: ["UpdateItem"],
            },
            Retry=transaction_retries("transactWriteItems"),
            Output={"orderId": jsonata("$order.orderId"), "state": "PROCESSED"},
            Catch=[canceled_record("WhyNotRecorded", refusal=_TECHNICAL), _UNLESS_RECORDED],
            End=True,
        ),
        "WhyNotRecorded": judge_canceled("RecordOrder", "RecordCancellation"),
    }
