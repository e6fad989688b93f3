"""Checkout: an order from a cart, paid and shipped by outside services that call back.

The input is the source system's own: `{CartId, Email, Address, <item>: count, ..., total_cost}`,
counts and cost as decimal strings. Only the exact success word of a service passes: its callback
is turned into the task's success, everything else into a failure, and a success is looked at once
more here. Whatever goes wrong is `checkout_failure`'s. The outcome stands in the order's row, from
which it is published.
"""

from dataclasses import dataclass
from typing import Any

from asl import call, invoke, transact
from workflows.checkout import fail, record
from workflows.checkout.fail import failed, to_failure
from workflows.shared.expressions import jsonata
from workflows.shared.placeholders import function
from workflows.shared.retries import (
    FUNCTION,
    INVOCATION,
    TIMEOUT,
    canceled_record,
    judge_canceled,
    transaction_retries,
)

TIMEOUT_SECONDS = 18000  # longer than both waits and every task with all its retries
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


def definition(on: Resources) -> dict[str, Any]:
    """The state machine's definition in the Amazon States Language."""
    return {
        "Comment": "Order a cart, wait for payment and shipping, confirm; compensate on errors",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": TIMEOUT_SECONDS,
        "StartAt": "CreateOrder",
        "States": {
            **_pay(on),
            **_ship(on),
            **_confirm(on),
            **fail.fail(on.fail_checkout),
        },
    }


def _pay(on: Resources) -> dict[str, Any]:
    return {
        "CreateOrder": invoke(
            on.create_order,
            {
                "checkout": jsonata("$states.context.Execution.Input"),
                "executionArn": jsonata("$states.context.Execution.Id"),
            },
            retry_on=FUNCTION,
            Assign={"order": jsonata("$states.result.Payload"), "rounds": 0},
            Catch=to_failure("create"),
            Next="RequestPayment",
        ),
        "RequestPayment": _await_callback(
            on.request_payment, "succeeded", PAYMENT_SECONDS, "payment", "RecordPayment"
        ),
        "RecordPayment": call(
            "dynamodb:updateItem",
            record.paid_order(on.orders),
            retry_on=TIMEOUT,
            Catch=to_failure("record"),
            Next="RequestShipping",
        ),
    }


def _ship(on: Resources) -> dict[str, Any]:
    return {
        "RequestShipping": _await_callback(
            on.request_shipping, "available", SHIPPING_SECONDS, "shipping", "ConfirmOrder"
        ),
    }


def _await_callback(
    ask: str, success: str, seconds: int, stage: str, next_state: str
) -> dict[str, Any]:
    """A Task that hands out a token and passes only on the exact success word."""
    word = "$states.result.status"
    return invoke(
        ask,
        {"order": jsonata("$order"), "taskToken": jsonata("$states.context.Task.Token")},
        retry_on=INVOCATION,
        Resource="arn:aws:states:::lambda:invoke.waitForTaskToken",
        TimeoutSeconds=seconds,
        HeartbeatSeconds=HEARTBEAT_SECONDS,
        Output=jsonata(f"{word} = '{success}' ? $states.result : $error('an unknown status')"),
        Catch=to_failure(stage),
        Next=next_state,
    )


def _confirm(on: Resources) -> dict[str, Any]:
    return {
        "ConfirmOrder": transact(
            "transactWriteItems",
            {"TransactItems": record.confirmed(on.orders, on.sessions, on.reservations, on.carts)},
            declares={
                on.orders: ["UpdateItem"],
                on.sessions: ["PutItem"],
                on.reservations: ["UpdateItem"],
                on.carts: ["UpdateItem"],
            },
            Retry=transaction_retries("transactWriteItems"),
            Output={"orderId": jsonata("$order.orderId"), "state": "PROCESSED"},
            Catch=[canceled_record("WhyNotConfirmed", **failed("confirm")), *to_failure("confirm")],
            End=True,
        ),
        "WhyNotConfirmed": judge_canceled("ConfirmOrder", "FailCheckout"),
    }
